/** By how much a device's clock was ahead, as it is kept (TIME-2). */

/** Beyond this an offset says nothing but that the device has no clock. */
const longest = 100 * 365 * 24 * 3600 * 1000;

/** Whole milliseconds within a hundred years, of whatever a device or a file says. */
export function clockOffset(milliseconds: number): number {
  return Math.round(Math.max(-longest, Math.min(longest, milliseconds)));
}
