/** The shapes that the review screen shows; made at the office, where numbers are masked. */
export type { BesideView, Said } from '$lib/server/desk/beside';
export type { AlsoHere, CaseView, Group, PastEvent, Question, Row } from '$lib/server/desk/case-view';
export type { BulkView, DoneView, QueueLine } from '$lib/server/desk/review-page';
