/**
 * Causes that may go by themselves: a form is published, a door or a scope comes into being, a mistake of ours is mended, a code that a newer app
 * wrote is known to an office that was updated (QUA-6).
 */
import type { Problem } from '../../sync/protocol';

const passing: readonly string[] = ['form_unknown', 'kind_unknown', 'target', 'internal', 'code'];

export const isPassing = ({ code }: Problem): boolean => passing.includes(code);
