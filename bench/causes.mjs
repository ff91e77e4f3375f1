/**
 * Why a goal is missed, by the goal's own words in the report, or, of a goal that begins with a dash, by the words of the report's list: what
 * a profile showed. Printed only where the figure misses the goal.
 */
const start =
  'processor time of the page’s own thread, before it is made four times slower: making schemas and classes some 20 ms, SvelteKit’s and Svelte’s start 15, rows out of the store 25 and into memory 6, drawing the board 10 and its style, layout and paint 9, the document and its files 30; no compiled code is kept by Chromium for modules that a service worker brings';
const firstSync =
  'three answers, one after the other, for each question names what the one before stored (DEV-12); on the phone some 0.5 s of processor time, of which writing 2,300 rows to IndexedDB with strict durability a third, the rest reading the answer, checking its shape and drawing the list of buildings as it grows';
const firstSyncWeak =
  'the line alone is 2.5–3.1 s for this register; the rest is three round trips of 150 ms and what the phone does between an answer and the next question';
const changes =
  '150 ms of round trip, 18 ms for what goes up and 120 ms for 25 kB down are 0.29 s without either end: a door is told whole, so 100 changes of people are 100 doors of some 2 kB; the densest Brotli would make 22 kB of them';
const save =
  'processor time of the page’s own thread from the tap to durable, before it is made four times slower: some 6 ms, of which the form’s rules 1, copies, digest and text 1, and the two turns of one transaction to IndexedDB 3; then the disk, which a strict transaction waits for';
const push =
  'the office spends about 2.5 ms of CPU a record on ten requests, one after the other: some twenty statements a record in SQLite, then checks of the form; counting of doors already comes after the answer';
/** @type {Record<string, string>} */
export const causes = {
  'push of 1,000, loopback, s': push,
  'first sync of 10,000 items, loopback, s': firstSync,
  'first sync of 10 – weak link, s': firstSyncWeak,
  '100 changes, weak link, s': changes,
  'cold start to one building, 10,000 items, 4×, s': start,
  'cold start to a board, 10009 residents, 4×, offline, s: drawn and a tap taken': start,
  'a verification saved, from the tap to durable, 10009 residents, 4×, ms': save,
};
