/** The page that an address or a form asks for, from 1; what is no number asks for the first. Beyond the last, lists show their last. */
export function pageNumber(text: string | null): number {
  const page = Math.trunc(Number(text));
  return Number.isSafeInteger(page) ? Math.max(1, page) : 1;
}
