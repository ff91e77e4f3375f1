/** The files that coordinators bring: a handful of rows about doors and people, some as the register has them and some otherwise, some that it lacks. */
import * as z from 'zod';
import { checkCharacter } from '../../src/lib/domain/identity-number';
import type { Chance } from './chance';
import { type Address, livesOn, type Register, type Resident, type RosterRow } from './rosters-kept';

type Known = {
  register: Register;
  /** By id. */
  grids: ReadonlyMap<string, string>;
  /** Addresses of doors that phones proposed, and the grids that they named. */
  proposed: readonly (Address & { gridId: string })[];
  /** Who was erased, as they stood in the register. */
  erased: readonly { name: string; number: string }[];
};

const header = ['网格', '小区', '楼栋', '单元', '楼层', '房号', '姓名', '身份证号', '关系', '电话'];
/** Which of these columns a coordinator leaves out, who does not trust it. */
export const phoneColumn = header.indexOf('电话');

export function csvOf(rows: readonly RosterRow[]): Uint8Array {
  const lines = rows.map(({ grid, address, name, number, relation, phone }) => {
    const { compound, building, unit, floor, room } = address;
    return [grid, compound, building, unit, `${floor}`, room, name, number, relation, phone];
  });
  return new TextEncoder().encode([header, ...lines].map((cells) => cells.join(',')).join('\n'));
}

/** Two rows to five; nobody is in them twice. */
export function drawRows(known: Known, dice: Chance): RosterRow[] {
  const rows: RosterRow[] = [];
  const count = 2 + dice.below(4);
  for (let tries = 0; tries < 12 && rows.length < count; tries += 1) {
    const row = dice.pick([same, same, otherPhone, otherPhone, elsewhere, newcomer, newDoor, proposedDoor, erased])(
      known,
      dice,
    );
    if (row && !rows.some(({ number }) => number === row.number)) rows.push(row);
  }
  return rows;
}

type Draw = (known: Known, dice: Chance) => RosterRow | null;

const same: Draw = (known, dice) => {
  const one = somebody(known, dice);
  return one && asRegistered(known, one);
};

const otherPhone: Draw = (known, dice) => {
  const row = same(known, dice);
  return row && { ...row, phone: phoneOf(dice) };
};

const elsewhere: Draw = (known, dice) => {
  const row = same(known, dice);
  const door = someDoor(known, dice);
  return row && door && { ...row, ...door, relation: '97' };
};

const newcomer: Draw = (known, dice) => {
  const door = someDoor(known, dice);
  return door && { ...door, ...freshPerson(dice), relation: dice.happens(0.2) ? '02' : '97' };
};

const newDoor: Draw = ({ grids }, dice) => {
  const at = dice.below(grids.size);
  const floor = 1 + dice.below(4);
  const room = `${floor}0${1 + dice.below(4)}`;
  const address = { compound: '东街', building: `${at + 1}`, unit: '3', floor, room };
  return { grid: [...grids.values()][at] ?? '', address, ...freshPerson(dice), relation: '02' };
};

/** A phone has proposed this very door: its record waits, was approved, or is still on its way. */
const proposedDoor: Draw = ({ grids, proposed }, dice) => {
  if (proposed.length === 0) return null;
  const { gridId, ...address } = dice.pick(proposed);
  return { grid: grids.get(gridId) ?? '', address, ...freshPerson(dice), relation: '02' };
};

/** The list was written before somebody asked to be erased. */
const erased: Draw = (known, dice) => {
  const door = someDoor(known, dice);
  if (known.erased.length === 0 || !door) return null;
  return { ...door, ...dice.pick(known.erased), relation: '97', phone: phoneOf(dice) };
};

/** Of those whom a number tells apart. */
function somebody({ register }: Known, dice: Chance): Resident | null {
  const people = [...register.residents.values()].filter(({ isGone }) => !isGone);
  const alone = people.filter(
    (one) => livesOn(one) && one.number !== '' && people.filter(({ number }) => number === one.number).length === 1,
  );
  return alone.length > 0 ? dice.pick(alone) : null;
}

function asRegistered(known: Known, { doorId, name, number, body }: Resident): RosterRow | null {
  const door = known.register.doors.get(doorId);
  const words = z.object({ phone: z.string(), relation: z.string().nullish() }).parse(body);
  return door ? { ...placeOf(known, door), name, number, relation: words.relation ?? '', phone: words.phone } : null;
}

function someDoor(known: Known, dice: Chance): Pick<RosterRow, 'grid' | 'address'> | null {
  const doors = [...known.register.doors.values()].filter(({ isGone }) => !isGone);
  return doors.length > 0 ? placeOf(known, dice.pick(doors)) : null;
}

function placeOf(
  { grids }: Known,
  { gridId, body }: { gridId: string; body: Record<string, unknown> },
): Pick<RosterRow, 'grid' | 'address'> {
  return { grid: grids.get(gridId) ?? '', address: AddressOf.parse(body) };
}

const AddressOf = z.object({
  ...{ compound: z.string(), building: z.string(), unit: z.string(), floor: z.number(), room: z.string() },
});
const Proposed = z.object({
  kind: z.literal('household-verification'),
  body: z.object({ dwelling: z.object({ ...AddressOf.shape, gridId: z.string() }) }),
});

/** The door that a record proposes; null of any other record. */
export function proposedBy(canonical: string): (Address & { gridId: string }) | null {
  return Proposed.safeParse(JSON.parse(canonical)).data?.body.dwelling ?? null;
}

/** Somebody of whom nobody has heard; two never have one name or number. */
function freshPerson(dice: Chance): Pick<RosterRow, 'name' | 'number' | 'phone'> {
  const signs = [...'安柏昌德恩芳国海吉佳康兰明宁鹏清瑞思涛文祥雅永志'];
  const day = `19${70 + dice.below(30)}${String(1 + dice.below(12)).padStart(2, '0')}${String(1 + dice.below(28)).padStart(2, '0')}`;
  const seventeen = `620799${day}${String(500 + dice.below(499))}`;
  const name = `赵${dice.pick(signs)}${dice.pick(signs)}${dice.pick(signs)}`;
  return { name, number: seventeen + checkCharacter(seventeen), phone: phoneOf(dice) };
}

function phoneOf(dice: Chance): string {
  return `134${String(dice.below(1e8)).padStart(8, '0')}`;
}
