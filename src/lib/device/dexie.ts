/** Dexie as this room uses it: its build for browsers with modules, a tenth smaller than the one for all. */
export { Dexie } from 'dexie/dist/modern/dexie.min.mjs';
export type { Table } from 'dexie';
