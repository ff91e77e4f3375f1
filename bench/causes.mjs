/** Why a goal is missed, by the goal's own words in the report: what a profile showed. Printed only where the figure misses the goal. @type {Record<string, string>} */
const board =
  'of a start, four times slower: making the schemas some 70–100 ms, Svelte’s first mount about 100, rows out of the store about 100, drawing the board about 200; the service worker’s own start was not profiled';
const push =
  'the office spends about 2.5 ms of CPU a record on ten requests, one after the other: some twenty statements a record in SQLite, then checks of the form; counting of doors already comes after the answer';
export const causes = {
  'push of 1,000, loopback, s': push,
  'cold start to one building, 10,000 items, 4×, s': board,
  'cold start to a board, 10009 residents, 4×, offline, s: drawn and a tap taken': board,
};
