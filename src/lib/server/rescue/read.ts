/** From the bytes of a rescue file to what was sealed in it, or a plain reason why not. */
import { asRecord } from '../../domain/json';
import { RESCUE_FORMAT, RESCUE_VERSION, RescueContent, RescueFile } from '../../sync/rescue';
import { openRescue } from '../../sync/rescue-seal';
import type { Office } from '../office';
import { privateRescueKey } from './keys';

export type RescueRefusal = {
  refused:
    | 'empty'
    /** No rescue file at all. */
    | 'not-ours'
    /** Made by a later version of the app. */
    | 'newer'
    | 'other-community'
    /** Of this community, but sealed to a key that this office does not have: its database is older than the file. */
    | 'unknown-key'
    /** Cut short or changed on its way. */
    | 'damaged'
    /** Of somebody whom this office does not know. */
    | 'account-unknown'
    | 'account-ended';
};

export function isRefused<T extends object>(answer: T | RescueRefusal): answer is RescueRefusal {
  return 'refused' in answer;
}

/** `text`: the file as it was handed over. */
export async function readRescueFile(
  office: Pick<Office, 'database'>,
  communityId: string,
  text: string,
): Promise<RescueContent | RescueRefusal> {
  if (text.trim() === '') return { refused: 'empty' };
  const outside = parse(text);
  if (asRecord(outside)?.['format'] !== RESCUE_FORMAT) {
    return { refused: text.includes(RESCUE_FORMAT) ? 'damaged' : 'not-ours' };
  }
  const version = asRecord(outside)?.['version'];
  if (typeof version === 'number' && version > RESCUE_VERSION) return { refused: 'newer' };
  const file = RescueFile.safeParse(outside);
  if (!file.success) return { refused: 'damaged' };
  if (file.data.community !== communityId) return { refused: 'other-community' };
  const key = await office.database.read((db) => privateRescueKey(db, communityId, file.data.key));
  if (key === null) return { refused: 'unknown-key' };
  const content = await openRescue(key, file.data).then(parse, () => null);
  const inside = RescueContent.safeParse(content);
  return inside.success ? inside.data : { refused: 'damaged' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}
