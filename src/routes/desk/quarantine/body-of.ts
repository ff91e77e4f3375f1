/** The answers that a case is about: of a submission itself what its corrections made of them, else as they came. */
import type { QuarantineView } from './view';

export const bodyOf = ({ record, this: side }: Pick<QuarantineView, 'record' | 'this'>): Record<string, unknown> =>
  record?.body ?? side.body ?? {};
