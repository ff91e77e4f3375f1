/** Rosters at the desk: coordinators bring files, look at what they would change, choose, confirm and drop them; and the checker's own list of all that. */
import type { SignedIn, Office } from '../../src/lib/server/office';
import { lockCommunity } from '../../src/lib/server/database/locks';
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import { correctValue } from '../../src/lib/server/register/correct';
import { changeMapping, confirmJob, dropJob, job, type RosterJob, startJob } from '../../src/lib/server/roster/jobs';
import type { Chance } from './chance';
import type { Community } from './community';
import type { Erasures } from './erasures';
import type { Fault, Tally } from './faults';
import type { Ledger } from './ledger';
import type { RegisterKept } from './register-kept';
import { csvOf, drawRows, phoneColumn, proposedBy } from './roster-files';
import { type Around, BrokeOff, RosterProgram } from './roster-program';
import {
  type Choice,
  keyOf,
  lookAt,
  type Register,
  registerOf,
  type RosterRow,
  standingIn,
  type Yes,
} from './rosters-kept';
import { wordsOf } from './words';

/** `runs`: imports that wrote something. `mappedAt`: when its columns were last known to mean something else. */
type File = { name: string; rows: RosterRow[]; brought: Register; choices: Choice[]; runs: number; mappedAt: number };

type Parts = {
  community: () => Community;
  ledger: Ledger;
  faults: Tally;
  register: RegisterKept;
  erasures: Erasures;
  peek: <T>(run: (db: ReadSnapshot) => Promise<T>) => Promise<T>;
  runs: (office: Office) => boolean;
  restores: () => number;
  /** Counts on with each look: what came before what. */
  tick: () => number;
  /** The office itself failed. */
  complain: (words: string) => void;
  told: (words: string) => void;
};

/** In one story; the register stays one that can be looked over. */
const mostFiles = 12;

export class Rosters {
  #parts: Parts;
  /** By the name of the file. */
  readonly #files = new Map<string, File>();
  #working: RosterProgram[] = [];
  readonly #seenAt = new Map<string, Set<string>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Somebody brings a file, and mostly goes on with it as soon as it was read. */
  async bring(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const { erasures, told } = this.#parts;
    if (this.#files.size === mostFiles) return;
    const { register, grids } = await office.database.read(async (db) => ({
      register: await registerOf(db),
      grids: await db.selectFrom('grid').select(['id', 'name']).orderBy('position').execute(),
    }));
    this.#remember(register);
    const names = new Map(grids.map(({ id, name }) => [id, name]));
    const rows = drawRows({ register, grids: names, proposed: this.#proposed(), erased: erasures.known() }, dice);
    const name = `名册${dice.below(1e9)}`;
    this.#files.set(`${name}.csv`, { name, rows, brought: register, choices: [], runs: 0, mappedAt: 0 });
    const answer = await startJob(office, by, `${name}.csv`, csvOf(rows));
    if (!('id' in answer)) throw new Error(`the file was refused: ${answer.refused}`);
    told(`${by.username} brought ${name}: ${rows.map((row) => `${row.name} ${keyOf(row.address)}`).join(', ')}`);
    if (dice.happens(0.85)) await this.#decideOn(office, by, answer.id, dice);
  }

  /** Looks at one of the files that wait for a word. */
  async decide(office: Office, by: SignedIn, dice: Chance): Promise<void> {
    const waiting = await office.database.read((db) =>
      db
        .selectFrom('roster_import')
        .select('id')
        .where('community_id', '=', by.communityId)
        .where('state', 'in', ['read', 'failed'])
        .orderBy('id')
        .execute(),
    );
    if (waiting.length > 0) await this.#decideOn(office, by, dice.pick(waiting).id, dice);
  }

  async #decideOn(office: Office, by: SignedIn, id: string, dice: Chance): Promise<void> {
    const { community, erasures, faults, told } = this.#parts;
    const seen = await this.#look(office, by, id);
    if (!seen) return;
    const other = community().coordinators.find((one) => one !== by) ?? by;
    // Drop it at the desk, says the book, where it lists somebody who was erased.
    if (seen.file.rows.some((row) => erasures.names(row)) && dice.happens(0.8)) {
      const isDropped = await dropJob(office, by, id);
      if (isDropped) faults['roster dropped'] += 1;
      return told(`${by.username} dropped ${seen.file.name}: ${isDropped ? 'done' : 'moved'}`);
    }
    switch (dice.pick(['now', 'now', 'later', 'said since', 'together', 'map', 'overtaken'] as const)) {
      case 'now':
        return this.#confirm(office, by, seen, dice);
      case 'later':
        await pause(office, dice.pick([500, 5_000]));
        return this.#confirm(office, by, seen, dice);
      case 'said since':
        await this.#correctHeld(office, other, seen, dice);
        return this.#confirm(office, by, seen, dice, 0.8);
      case 'together':
        await Promise.all([this.#confirm(office, by, seen, dice), this.#confirm(office, other, seen, dice)]);
        return;
      case 'map': {
        await this.#map(office, by, seen, dice);
        const anew = await this.#look(office, by, id);
        return anew ? this.#confirm(office, by, anew, dice) : undefined;
      }
      case 'overtaken': {
        const theirs = await this.#look(office, other, id);
        if (theirs) await this.#map(office, other, theirs, dice);
        await this.#look(office, other, id);
        return this.#confirm(office, by, seen, dice);
      }
    }
  }

  /** What the page of another coordinator asks about is said anew at the desk: a telephone, as somebody calls. */
  async #correctHeld(office: Office, by: SignedIn, { known }: Seen, dice: Chance): Promise<void> {
    const phones = heldIn(known).filter(({ entity, field }) => entity === 'resident' && field === 'phone');
    for (const change of phones) {
      const value = `137${String(dice.below(1e8)).padStart(8, '0')}`;
      const correction = { entity: 'resident', id: idOf(change), field: 'phone', value, reason: '本人来电' } as const;
      await this.#parts.register.change(office, () => correctValue(office, by, correction));
    }
  }

  /** As the page does it: asks again until the file was read. Null where it cannot be decided on. */
  async #look(office: Office, { communityId }: SignedIn, id: string): Promise<Seen | null> {
    const { tick, restores } = this.#parts;
    for (let tries = 0; tries < 20; tries += 1) {
      const at = tick();
      const { known, shown } = await office.database.read(async (db) => ({
        known: await job(db, communityId, id),
        shown: await registerOf(db),
      }));
      const file = this.#files.get(known?.fileName ?? '');
      if (!known || !file) return null;
      if (known.state === 'read' || known.state === 'failed')
        return { known, file, shown, at: { began: at, ended: tick() }, restores: restores() };
      if (known.state !== 'reading') return null;
      await pause(office, 500);
    }
    return null;
  }

  async #confirm(office: Office, by: SignedIn, seen: Seen, dice: Chance, yeses = 0.35): Promise<void> {
    const { faults, told, tick, ledger, restores, erasures } = this.#parts;
    const { known, file } = seen;
    const held = heldIn(known);
    const ticked = held.filter(() => dice.happens(yeses));
    const choice: Choice = {
      hasPhones: known.mapping[file.name]?.columns?.[phoneColumn] !== 'left',
      ticked: new Map(
        ticked.map((change): [string, Yes] => {
          const [id, { field }] = [idOf(change), change];
          const stood = (register: Register) => standingIn(register, id, field);
          return [`${id} ${field}`, { shown: stood(seen.shown), brought: stood(file.brought) }];
        }),
      ),
      answer: 'asked',
    };
    file.choices.push(choice);
    const { length } = file.choices;
    const asked = tick();
    choice.answer = await confirmJob(office, by, known.id, {
      reading: known.reading,
      confirmed: ticked.map(({ key }) => key),
    });
    told(`${by.username} confirmed ${file.name} (${ticked.length} of ${held.length}): ${choice.answer}`);
    if (choice.answer === 'read-anew') faults['old reading of a roster'] += 1;
    if (choice.answer === 'moved' && file.choices.slice(0, length).some(({ answer }) => answer === 'done'))
      faults['roster decided on twice'] += 1;
    if (choice.answer !== 'done' || restores() !== seen.restores) return;
    const isOld = file.mappedAt > seen.at.ended && file.mappedAt < asked;
    if (isOld) ledger.failures.push(`[TWO-3] ${file.name} was imported on a reading that somebody had replaced`);
    const gone = file.rows.find((row) => erasures.wasErasedWithin(row, seen.at.ended, asked));
    if (gone && known.summary)
      ledger.failures.push(`[REC-11] ${file.name} was imported on a reading from before ${gone.name} was erased`);
  }

  async #map(office: Office, by: SignedIn, { known, file }: Seen, dice: Chance): Promise<void> {
    const { faults, told, tick } = this.#parts;
    const isLeft = known.mapping[file.name]?.columns?.[phoneColumn] === 'left';
    const columns = isLeft && dice.happens(0.8) ? {} : { [phoneColumn]: 'left' as const };
    const answer = await changeMapping(office, by, known.id, {
      reading: known.reading,
      choose: () => ({ [file.name]: { columns } }),
    });
    if (answer === 'done') faults['roster mapped anew'] += 1;
    if (answer === 'done' && isLeft !== phoneColumn in columns) file.mappedAt = tick();
    told(`${by.username} mapped ${file.name}: ${answer}`);
  }

  /** The program that the office starts: its process may be `office` alone. */
  start(office: Office, args: readonly string[]): RosterProgram {
    const program = new RosterProgram(office, args);
    this.#working = [...this.#working.filter((one) => this.#parts.runs(one.office)), program];
    const over = (code: number) => {
      this.#working = this.#working.filter((one) => one !== program);
      program.emit('exit', code);
    };
    void this.#run(program).then(
      () => over(0),
      (error: unknown) => {
        if (!(error instanceof BrokeOff)) this.#parts.complain(`a roster broke off: ${wordsOf(error)}`);
        over(1);
      },
    );
    return program;
  }

  /** One that imports just now dies alone. */
  kill(dice: Chance): void {
    const alive = this.#importing();
    if (alive.length === 0) return;
    dice.pick(alive).kill();
    this.#parts.faults['roster broken off'] += 1;
  }

  isImporting(): boolean {
    return this.#importing().some(({ isWriting }) => isWriting);
  }

  #importing(): RosterProgram[] {
    return this.#working.filter(({ job: { step }, office }) => step === 'import' && this.#parts.runs(office));
  }

  async #run(program: RosterProgram): Promise<void> {
    const { faults, register, peek, ledger, told } = this.#parts;
    const { importId, step } = program.job;
    const plain: Around = (tx, run) => run(tx);
    if (step === 'read') return void (await program.run(plain, () => {}));
    const row = await peek((db) =>
      db.selectFrom('roster_import').select('file_name').where('id', '=', importId).executeTakeFirst(),
    );
    const file = this.#files.get(row?.file_name ?? '');
    if (!file) return;
    const struck: Fault[] = [];
    let unmet: string[] = ['nothing was imported'];
    let writes = 0;
    let waiting = 0;
    const earlier = file.runs;
    const around: Around = async (tx, run) => {
      await lockCommunity(tx, program.job.communityId);
      const before = await registerOf(tx);
      const value = await run(tx);
      const look = this.#compare(file, before, await registerOf(tx));
      for (const words of look.wrong) ledger.failures.push(`an import of ${file.name} ${words}`);
      if (look.unmet.length < unmet.length || writes === 0) unmet = look.unmet;
      writes += 1;
      file.runs = earlier + 1;
      struck.push(...look.struck);
      if (look.struck.length > 0) waiting = await waitingAt(tx, look.doors);
      return value;
    };
    const isTaken = await register.change(program.office, () =>
      program.run(around, () => (faults['two rosters at once'] += 1)),
    );
    if (!isTaken || writes === 0) return;
    for (const fault of struck) faults[fault] += 1;
    faults['roster imported'] += 1;
    faults['record waits at a door of a roster'] += waiting;
    const proposed = new Set(this.#proposed().map(keyOf));
    faults['door of a phone in a roster'] += file.rows.filter(({ address }) => proposed.has(keyOf(address))).length;
    if (earlier > 0) faults['roster taken up again'] += 1;
    for (const words of unmet) ledger.failures.push(`an import of ${file.name} is done, and ${words}`);
    told(`${file.name} was imported`);
  }

  /** By the choice that fits best of those that may have been the last: of some nobody heard whether they were taken. */
  #compare(file: File, before: Register, after: Register): ReturnType<typeof lookAt> {
    const { erasures } = this.#parts;
    this.#remember(before);
    const known = { rows: file.rows, before, after };
    const isErased = (id: string) => erasures.isErased(id);
    const wasAt = (id: string, door: string) => this.#seenAt.get(id)?.has(door) ?? false;
    const choices = file.choices.filter(({ answer }) => answer === 'asked' || answer === 'done');
    const looks = choices.map((choice) => lookAt({ ...known, choice, isErased, wasAt }));
    const [best] = looks.sort((one, other) => faultsIn(one) - faultsIn(other));
    if (!best) throw new Error(`${file.name} is imported, and nobody said so`);
    for (const [person, row] of best.brought) if (erasures.names(row)) erasures.cameAnew(person.id, row);
    this.#remember(after);
    return best;
  }

  /** Doors that records of phones propose, whatever became of those. */
  #proposed() {
    return [...this.#parts.ledger.saved.values()].flatMap(({ canonical }) => proposedBy(canonical) ?? []);
  }

  #remember({ residents }: Register): void {
    for (const { id, doorId } of residents.values())
      this.#seenAt.set(id, (this.#seenAt.get(id) ?? new Set()).add(doorId));
  }

  /** What waits and lists somebody who was erased is dropped: the last word of the coordinators. */
  async dropErased(office: Office): Promise<void> {
    const [by] = this.#parts.community().coordinators;
    const rows = await office.database.read((db) =>
      db.selectFrom('roster_import').select(['id', 'file_name', 'state']).orderBy('id').execute(),
    );
    for (const { id, file_name, state } of rows) {
      const file = this.#files.get(file_name);
      if (state !== 'done' && file?.rows.some((row) => this.#parts.erasures.names(row))) await dropJob(office, by, id);
    }
  }

  /** What is wrong with the register and the rosters at rest, in words: nobody and no door of a file is there twice, nothing is still at work. */
  async compare(db: ReadSnapshot): Promise<string[]> {
    const register = await registerOf(db);
    const rows = [...this.#files.values()].flatMap((file) => file.rows);
    const twice = <T>(keys: readonly T[], of: (key: T) => number) => [...new Set(keys)].filter((key) => of(key) > 1);
    const doors = [...register.doors.values()].filter(({ isGone }) => !isGone);
    const people = [...register.residents.values()].filter(({ isGone }) => !isGone);
    const jobs = await db.selectFrom('roster_import').select(['file_name', 'state']).execute();
    return [
      ...twice(
        rows.map(({ address }) => keyOf(address)),
        (key) => doors.filter((door) => door.key === key).length,
      ).map((key) => `[REC-2] the door ${key} of a roster is in the register twice`),
      ...twice(
        rows.map(({ number }) => number),
        (number) => people.filter((one) => one.number === number).length,
      ).map((number) => `[REC-2] ${number} of a roster is in the register twice`),
      ...jobs
        .filter(({ state }) => state === 'reading' || state === 'importing')
        .map(({ file_name, state }) => `${file_name} is still ${state}`),
    ];
  }
}

/** A job as somebody saw it. */
type Seen = { known: RosterJob; file: File; shown: Register; at: { began: number; ended: number }; restores: number };

const heldIn = ({ summary }: RosterJob) => (summary?.changes ?? []).filter(({ held }) => held);
/** Whose value a change is about. */
const idOf = ({ key }: { key: string }) => key.split(' ')[0] ?? '';

const faultsIn = ({ wrong, unmet }: { wrong: string[]; unmet: string[] }) => wrong.length * 100 + unmet.length;

async function waitingAt(db: ReadSnapshot, doors: readonly string[]): Promise<number> {
  const rows = await db.selectFrom('submission').select(['dwelling_id', 'review']).execute();
  return rows.filter(({ dwelling_id, review }) => review === 'pending' && doors.includes(dwelling_id ?? '')).length;
}

function pause({ world }: Office, milliseconds: number): Promise<void> {
  return new Promise((resolve) => world.after(milliseconds, resolve));
}
