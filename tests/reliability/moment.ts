/** Where a random moment is what is tried: the one place where a case waits by the clock. */
export function moment(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
