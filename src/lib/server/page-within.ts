/** Which page of a list is shown. */

/** `asked`, from 1; the first where none is asked for, and the last where the list has fewer: a list that grew short under somebody is not empty. */
export function pageWithin(total: number, size: number, asked: number | undefined): { page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(total / size));
  return { page: Math.min(pages, Math.max(1, asked ?? 1)), pages };
}
