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
const searchKey =
  'processor time of the page’s own thread a key, before it is made four times slower: some 8 ms, most where the rows are all new – looking through names, initials, numbers and rooms 0.7, making up to twelve rows 1.5, their style and layout 2; the rest is the browser’s own, bringing the key and painting';
const push =
  'ten requests of 100, two under way at once (decision 28), and on two cores both ends are busy nearly all the while: processor time of the page’s own thread some 0.9 ms a record – two fifths drawing, five times a second; the rest reading and writing IndexedDB, where each record is handed over, settled, told by the feed and marked, 4,000 writes in all – and of the office’s process 1.1 ms a record, spread over reading it strictly, comparing it with the register and writing it, its receipt and its item of the feed; beside both the browser’s own process and two disks';
const pushWeak =
  'the line alone is 2.8 s for the 264 kB that go up; before that the first request goes alone, 0.6 s with its round trip, until an answer shows that the connection carries more (DEV-14); the last takes 0.7 s, its way up, its round trip, the office and its news one after the other; 0.2–0.3 s go by at the end while the phone stores what it was told; what is left is that the line stands still some 50 ms a request between the two under way';
const queue =
  'counting the 100,000 that wait, state by state, is most of a page; it is an index-only scan of a megabyte, of which each row is still looked at';
const phones =
  'the office’s one process is busy all the while, and the phones are on the same two cores: of its processor time statements of SQLite take a quarter, weighing what waits at each door anew for the queue’s marks an eighth, the durable commits a twelfth, the form’s rules and the rest of judging a twelfth, and strict reading, statements made anew and what is told back the rest, none of them more than a twentieth';
/** @type {Record<string, string>} */
export const causes = {
  'push of 1,000, loopback, s': push,
  'push of 1,000 – weak link, s': pushWeak,
  'review queue of 100,000, slowest page, p95 ms, SQLite': queue,
  'review queue of 100,000 – PostgreSQL': queue,
  '1,000 phones × 20 records at once, SQLite, one process, s': phones,
  'first sync of 10,000 items, loopback, s': firstSync,
  'first sync of 10,000 items – weak link, s': firstSyncWeak,
  '100 changes, weak link, s': changes,
  'cold start to one building, 10,000 items, 4×, s': start,
  'cold start to a board, 10009 residents, 4×, offline, s: drawn and a tap taken': start,
  'a verification saved, from the tap to durable, 10009 residents, 4×, ms': save,
  'a key of the search, 20023 residents, 4×, ms: until what it finds is drawn, people read ahead': searchKey,
};
