/** The office's side of rescue files: a key that its community item tells, and what a file sealed to it holds. */
import { RescueContent, RescueFile } from '../../sync/rescue';
import { makeRescueKeyPair, openRescue } from '../../sync/rescue-seal';
import type { FakeOffice } from './fake-office';

export const COMMUNITY = '00000000-0000-7000-8000-00000000c0de';
export const COMMUNITY_FEED = `community/${COMMUNITY}`;

/** Publishes a community with a key; the answer opens a file sealed to it. The account has to be allowed `COMMUNITY_FEED`. */
export async function giveRescueKey(office: FakeOffice): Promise<(text: string) => Promise<RescueContent>> {
  const { publicKey, privateKey } = await makeRescueKeyPair(Uint8Array.from({ length: 32 }, (_, index) => index));
  office.publish(COMMUNITY_FEED, 'community', COMMUNITY, {
    id: COMMUNITY,
    name: '东街社区',
    timeZone: 'Asia/Shanghai',
    phone: '',
    location: false,
    rescueKey: { id: 'key-1', publicKey },
  });
  return async (text) =>
    RescueContent.parse(JSON.parse(await openRescue(privateKey, RescueFile.parse(JSON.parse(text)))));
}
