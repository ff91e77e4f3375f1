/** A saved revision as the phone holds it: its JSON text, made once (REC-8), and where it is. */
import { type Problem, SubmissionRevision } from '../sync/revision';
import type { OutboxRow, SentRow } from './database';
import type { RevisionBody } from './revision-body';

export type OwnRevision = {
  id: string;
  revision: number;
  /** Place in the order in which this phone saved; no clock (TIME-1). */
  order: number;
  digest: string;
  bytes: number;
  where: 'waiting' | 'set-aside' | 'sent';
  handedOver: boolean;
  /** Stands in a rescue file. */
  inFile: boolean;
  status: 'stored' | 'quarantined' | null;
  problems: Problem[];
  /** The text read; null when it is of a shape that this version does not know: counted and sent, shown nowhere. */
  content: SubmissionRevision | null;
};

export type RevisionKey = `${string}/${number}`;

export function revisionKey(revision: { id: string; revision: number }): RevisionKey {
  return `${revision.id}/${revision.revision}`;
}

/** `known`: the same revision as it was read before. A digest stands for one text only (REC-2). */
export function fromOutbox(row: OutboxRow, body: RevisionBody, known?: OwnRevision): OwnRevision {
  return {
    ...headOf(row),
    where: row.state,
    handedOver: row.handedOver === 1,
    inFile: row.inFile === true,
    status: null,
    problems: [],
    content: contentOf(row, body, known),
  };
}

export function fromSent(row: SentRow, body: RevisionBody, known?: OwnRevision): OwnRevision {
  return {
    ...headOf(row),
    where: 'sent',
    handedOver: true,
    inFile: false,
    status: row.status,
    problems: body.problems,
    content: contentOf(row, body, known),
  };
}

function headOf(row: OutboxRow | SentRow): Pick<OwnRevision, 'id' | 'revision' | 'order' | 'digest' | 'bytes'> {
  return { id: row.id, revision: row.revision, order: row.order, digest: row.digest, bytes: row.bytes };
}

function contentOf(row: OutboxRow | SentRow, { text }: RevisionBody, known?: OwnRevision): SubmissionRevision | null {
  return known?.digest === row.digest ? known.content : readText(text);
}

function readText(text: string): SubmissionRevision | null {
  const parsed = SubmissionRevision.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
