/** Takes a roster into the register, in pieces that each are a whole: killed half-way, the next run makes the rest. */
import { doorKey } from '../../domain/door-key';
import type { World } from '../../domain/world';
import { audit } from '../audit/audit';
import { recomputeDoors } from '../coverage/recompute';
import type { Transaction } from '../database/database';
import { lockCommunity } from '../database/locks';
import type { Office } from '../office';
import type { Origin } from '../register/provenance';
import { doorsAt } from '../register/find-door';
import { republishTouched } from '../register/republish';
import type { RosterDoor } from './build';
import { makeFrame } from './frame';
import { narrowPlans } from './moving-buildings';
import { gridChangeKey, overtakenOf } from './plan-door';
import { homeOf, listedNumbers, planDoors, type ImportPlan } from './plan';
import { indexRegister, refreshNumbers, type RegisterIndex } from './register-index';
import type { RosterQuestion } from './questions';
import { waitingQuestions } from './waiting';
import { writeDoors } from './write-doors';

/**
 * `by`: the account that imports. `asked`: keys of the held changes that a person had before them; those of `plan` where nothing is said. `confirmed`: those of
 * them that they said yes to, each of the value that they saw there.
 */
export type ImportOptions = { by: string; confirmed?: ReadonlySet<string>; asked?: ReadonlySet<string> };
export type Progress = (done: number, total: number) => Promise<void> | void;

/** A piece holds the writing lock for about half of what phones' pushes may be kept waiting (200 ms). */
const PIECE_MILLISECONDS = 100;
const FIRST_PIECE = 40;
const SMALLEST_PIECE = 10;
const LARGEST_PIECE = 400;
/** Between pieces the lock is free for whoever waits for it: a waiting process looks every 20 ms. */
const BREATH_MILLISECONDS = 25;
const WAIT_MILLISECONDS = 200;

/**
 * Makes what `plan` found, each piece planned anew against the register as it is by then. `onProgress` counts doors of the file. Of two imports at once
 * the second waits, and finds what the first made. Answers what was not made because it stands otherwise by now than whoever pressed saw it.
 */
export async function runImport(
  office: Office,
  communityId: string,
  plan: ImportPlan,
  options: ImportOptions,
  onProgress: Progress = () => undefined,
): Promise<RosterQuestion[]> {
  for (;;) {
    const giveBack = await office.database.claim(`import ${communityId}`);
    if (giveBack) return importAlone(office, communityId, plan, options, onProgress).finally(giveBack);
    await new Promise<void>((resolve) => office.world.after(WAIT_MILLISECONDS, resolve));
  }
}

async function importAlone(
  office: Office,
  communityId: string,
  plan: ImportPlan,
  { by, confirmed: said = new Set(), asked: seen = heldKeys(plan) }: ImportOptions,
  onProgress: Progress,
): Promise<RosterQuestion[]> {
  const { database, world } = office;
  const now = new Date(world.now()).toISOString();
  const origin: Origin = { from: 'import', since: now, by, confirmedAt: null, confirmedBy: null, how: null };
  const { doors } = plan.understanding.roster;
  const index = await database.read((db) => indexRegister(db, communityId));
  const listed = listedNumbers(doors);
  // the frame of a door that goes to another grid is made at once: it goes, whoever knocks in these seconds
  const going = plan.changes.filter(({ kind, held }) => kind === 'grid' && !held).map(({ key }) => key);
  const confirmed = new Set([...said, ...going]);
  const isMoving = (door: RosterDoor) => {
    const known = index.doors.get(doorKey(door.place));
    return known !== undefined && confirmed.has(gridChangeKey(known));
  };
  const fresh = doors.filter((door) => !index.doors.has(doorKey(door.place)));
  await makeFrame(office, communityId, { fresh, moving: doors.filter(isMoving) }, index, origin);

  const overtaken = overtakenOf(confirmed, seen);
  const isWanted = ({ key }: { key: string }) => confirmed.has(key);
  const asked: RosterQuestion[] = [];
  let size = FIRST_PIECE;
  for (let done = 0; done < doors.length;) {
    const piece = doors.slice(done, done + size);
    const started = world.now();
    const left = await database.write(async (tx) => {
      await lockCommunity(tx, communityId);
      await meetDoorsOfNow(tx, communityId, piece, index);
      await refreshNumbers(tx, communityId, new Set(listedNumbers(piece).keys()), index);
      const plans = await planDoors(tx, communityId, piece, index, listed);
      const {
        doors: touched,
        residents,
        left: leftDoors,
      } = await writeDoors(tx, communityId, plans, {
        world,
        origin,
        isWanted,
        homeOf: ({ roster }) => madeHome(roster, index),
      });
      const open = plans.map((one) => ({ ...one, changes: overtaken(one.changes) })).flatMap(waitingQuestions);
      if (touched.size === 0) return open;
      const buildings = await narrowPlans(tx, communityId, leftDoors, origin);
      if (await hasRounds(tx, communityId)) await recomputeDoors(tx, communityId, [...touched]);
      await republishTouched(tx, communityId, { doors: [...touched], buildings, residents: [...residents] });
      return open;
    });
    asked.push(...left);
    done += piece.length;
    await onProgress(done, doors.length);
    const spent = Math.max(1, world.now() - started);
    size = Math.min(
      LARGEST_PIECE,
      size * 2,
      Math.max(SMALLEST_PIECE, Math.round((piece.length * PIECE_MILLISECONDS) / spent)),
    );
    if (done < doors.length) await breath(world);
  }
  await database.write((tx) =>
    audit(tx, world, { communityId, id: by }, 'roster.import', { type: 'community', id: communityId }),
  );
  return asked;
}

const heldKeys = ({ changes }: ImportPlan) => new Set(changes.filter(({ held }) => held).map(({ key }) => key));

/** A door that came to stand there since the index was read (another import, an approved proposal) is met, not made or taken back beside it. */
async function meetDoorsOfNow(
  tx: Transaction,
  communityId: string,
  piece: readonly RosterDoor[],
  index: RegisterIndex,
): Promise<void> {
  const places = piece.map(({ place }) => place);
  for (const [key, doors] of await doorsAt(tx, communityId, places)) {
    if (doors.length > 1) index.severalAt.add(key);
    for (const { id, gridId, buildingId } of doors) {
      index.doorKeys.set(id, key);
      index.doors.set(key, { id, gridId, buildingId, retired: false });
    }
  }
}

function madeHome(door: RosterDoor, index: RegisterIndex): { gridId: string; buildingId: string } | null {
  const { grid, building } = homeOf(door, index);
  return grid === null || building === null ? null : { gridId: grid, buildingId: building };
}

async function hasRounds(tx: Transaction, communityId: string): Promise<boolean> {
  const round = await tx.selectFrom('round').select('id').where('community_id', '=', communityId).executeTakeFirst();
  return round !== undefined;
}

function breath(world: World): Promise<void> {
  return new Promise((resolve) => world.after(BREATH_MILLISECONDS, resolve));
}
