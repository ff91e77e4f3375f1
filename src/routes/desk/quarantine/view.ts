/** The shapes that the office hands to the quarantine screen. */
export type { QuarantineDone, QuarantineLine, QuarantineView } from '$lib/server/desk/quarantine-page';
