/** What a check found wrong: which check, about what (ids only), and how. No person's data. */
export type Check =
  | 'stored'
  | 'references'
  | 'feeds'
  | 'doors'
  | 'told'
  | 'receipts'
  | 'proposals'
  | 'past'
  | 'submissions'
  | 'decisions'
  | 'effects'
  | 'history'
  | 'numbers'
  | 'community'
  | 'accounts'
  | 'care';
export type Finding = { check: Check; communityId: string; subject: string; what: string };
/** `renewing`: communities whose feeds are told anew, after an update of the office or as a round begins or ends: what they say is not compared. */
export type Checked = { counts: Record<Check, number>; findings: Finding[]; renewing: string[] };

/** Rows looked at in one read. */
export const page = 500;
