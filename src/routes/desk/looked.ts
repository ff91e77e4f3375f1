/** Masked numbers that somebody looked at. They stand for what was beneath then: over another revision, or another register, they are gone. */
export type Looked = {
  /** What the page showed: `Naming.version`. */
  version: string;
  /** By what the button said whose it is. */
  numbers: Record<string, string>;
};

/** The numbers that still stand, in a page that shows `version`. */
export function lookedAt(looked: Looked | undefined, version: string): Record<string, string> {
  return looked?.version === version ? looked.numbers : {};
}
