/** What a form's rules are given, and what they find. */
import type { DoorLike } from '../domain/door-like';

export type FormContext = {
  /** RFC 3339: when the form was saved. */
  recordedAt: string;
  /** `YYYY-MM-DD` at the community then, where that is known better than by the clock of the device. */
  today?: string;
  /** The door that the form was prefilled from (basis), else the register's now; null where the register lacks it. */
  door: DoorLike | null;
  /** The register lacks the door, but an earlier submission of this account gave its address. */
  addressKnown?: boolean;
};

export type Finding = { path: (string | number)[]; code: string; params?: Record<string, string | number> };
