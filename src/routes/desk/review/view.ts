/** The shapes that the review screen shows; made at the office, where numbers are masked. */
export type { CaseView, Group, PastEvent, Row } from '$lib/server/desk/case-view';
export type { BulkView, DoneView, QueueLine } from '$lib/server/desk/review-page';
