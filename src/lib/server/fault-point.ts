/**
 * Named places on the road of a push at which a test's build can end the process as a power cut would, or run out of disk. What `npm run build`
 * makes has none of it: there the condition is the constant `false` and all below it is left out.
 */
export type FaultPoint =
  | 'push:unpacked'
  | 'push:begun'
  | 'push:revision-stored'
  | 'push:told'
  | 'push:committed'
  | 'push:answered'
  | 'afterwork:begun'
  | 'afterwork:decided';

/** How often each was reached in this process. */
const reached = new Map<FaultPoint, number>();

/**
 * Marks that a push came this far. With `QIAOMEN_FAULT=NAME:N` in its environment a test's build ends its process (SIGKILL) when the place is
 * reached for the N-th time; without a number, the first time.
 */
export function reach(point: FaultPoint): void {
  if (import.meta.env.MODE === 'faults') {
    const count = (reached.get(point) ?? 0) + 1;
    reached.set(point, count);
    const asked = process.env.QIAOMEN_FAULT ?? '';
    if (asked === `${point}:${count}` || (asked === point && count === 1)) process.kill(process.pid, 'SIGKILL');
  }
}

/** Pages that SQLite may fill in this process (`QIAOMEN_FAULT_PAGES`); null: as many as the disk has. */
export function pagesToFill(): number | null {
  if (import.meta.env.MODE === 'faults') return Number(process.env.QIAOMEN_FAULT_PAGES) || null;
  return null;
}
