/** One JSON line for each thing worth knowing, on standard output: no name, no number, no address with an id in it, no query. */
export type LogLine = { event: string } & Record<string, string | number | boolean | null>;

export function log(line: LogLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What may be told of an error: its kind and where it was thrown. Its message may quote what somebody typed. */
export function plainError(error: unknown): { kind: string; at: string } {
  if (!(error instanceof Error)) return { kind: typeof error, at: '' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    kind: error.name,
    at: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' ← '),
  };
}
