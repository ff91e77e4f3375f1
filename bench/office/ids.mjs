// The harness names grids and buildings by short keys; in Qiaomen every id is a UUID.

/**
 * @param {string} kind one hexadecimal digit
 * @param {string} key `grid-01`, `b00001`
 */
const uuidOf = (kind, key) => `00000000-0000-7000-8000-${kind}${key.replaceAll(/\D/g, '').padStart(11, '0')}`;
/** @param {string} key */
export const gridId = (key) => uuidOf('1', key);
/** @param {string} key */
export const buildingId = (key) => uuidOf('2', key);
