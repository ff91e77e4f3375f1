/** Communities: what an office begins with. */
import type { Office } from '../office';
import { shapeOfBodies } from '../feeds/bodies/shape';
import { makeEpoch } from '../feeds/epoch';
import { republishCommunity } from '../feeds/republish';
import { keepNumberKey } from '../register/number-hash';
import { keepRescueKey, newRescueKey } from '../rescue/keys';
import { AccountProblem } from './problem';

/** Makes a community with its feed. Throws AccountProblem `community-name` where the name is empty or over 60 characters. */
export async function createCommunity(office: Office, name: string): Promise<{ id: string; name: string }> {
  const plain = name.trim().normalize('NFC');
  if (plain === '' || [...plain].length > 60) throw new AccountProblem('community-name');
  const { world, database } = office;
  const id = world.uuid();
  const rescueKey = await newRescueKey(world);
  await database.write(async (tx) => {
    await tx
      .insertInto('community')
      .values({
        community_id: id,
        name: plain,
        epoch: makeEpoch(world),
        time_zone: 'Asia/Shanghai',
        phone: '',
        location: 0,
        created_at: new Date(world.now()).toISOString(),
        told_shape: shapeOfBodies,
      })
      .execute();
    await keepRescueKey(tx, id, rescueKey);
    await keepNumberKey(tx, id, world);
    await republishCommunity(tx, id);
  });
  return { id, name: plain };
}
