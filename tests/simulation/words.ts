/** An error in a line: what it is, what it says, and where it was thrown. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const where = (error.stack ?? '').split('\n').find((line) => line.includes('/src/'));
  return `${error.name} ${error.message.replace(/\s+/g, ' ')}${where ? ` (${where.trim()})` : ''}`;
}
