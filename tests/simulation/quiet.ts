/** After the troubles: the network heals, the office is up, everybody who has work on a phone comes back to it, and all of it arrives. */
import { writeFileSync } from 'node:fs';
import type { Phone } from '../../src/lib/device/phone';
import { chance } from './chance';
import { checkPhone } from './check-phone';
import { textsOf } from './office-machine';
import type { PhoneMachine, Tab } from './phone-machine';
import type { Simulation } from './simulation';

const minute = 60_000;
/** Longer than anything is under way: the network's latest message, then the longest pause before another try. */
const LONG = 20 * minute;
const MANY_TURNS = 200_000;

/** Lets the world come to rest and checks each phone while it is used by each person who ever used it. */
export async function rest(simulation: Simulation): Promise<void> {
  const { network, phones, office } = simulation;
  network.weather = { trouble: 0, portal: false, offline: false };
  // Set right it is a day at most from what it was: so much the office's own check lets pass.
  office.ahead = 0;
  for (const phone of phones) {
    phone.online = true;
    if (phone.tabs.length === 0) phone.open();
    const opened = phone.tabs.find(({ account }) => account)?.account;
    if (opened) phone.newSession(opened);
  }
  await office.start();
  await pass(simulation, LONG);
  for (const phone of phones) await shownAlike(simulation, phone);
  // Twice: what the second round of visits brings, the first ones' phones see as well.
  for (const last of [false, true]) {
    for (const phone of phones) {
      for (const account of accountsOn(phone)) await visit(simulation, phone, account, last);
    }
    if (!last) await eraseAgain(simulation);
  }
}

async function pass(simulation: Simulation, milliseconds: number): Promise<void> {
  const rested = await simulation.clockwork.pass(milliseconds, simulation.schedule(1), MANY_TURNS);
  if (!rested)
    simulation.ledger.failures.push(
      'the world does not come to rest: something is done again and again without a pause',
    );
}

/** All have handed over what they had: whoever was erased is erased once more. */
async function eraseAgain(simulation: Simulation): Promise<void> {
  const { office, erasures, rosters } = simulation;
  if (!erasures.some) return;
  office.work((process) => rosters.dropErased(process));
  await pass(simulation, minute);
  office.work((process) => erasures.eraseAgain(process));
  await pass(simulation, minute);
  erasures.restedWith(new Set((await office.peek(textsOf)).keys()));
}

/** Somebody signs in on this phone, with the newest app, and waits until it has nothing to do. */
async function visit(simulation: Simulation, phone: PhoneMachine, account: string, last: boolean): Promise<void> {
  const person = simulation.office.community.people.find(({ id }) => id === account);
  if (!person) throw new Error(`phone ${phone.number} knows somebody whom nobody knows: ${account}`);
  phone.app = 'app-last';
  simulation.kill(phone, phone.tabs, chance(0));
  phone.signIn(person);
  await pass(simulation, minute);
  if (last) await checkPhone(simulation, phone, account);
}

/** What was kept up to date change by change equals what the same phone shows when it is opened anew. */
async function shownAlike(simulation: Simulation, phone: PhoneMachine): Promise<void> {
  const before = opened(phone)[0];
  if (!before || before.widowed) return;
  const shown = picture(before.phone);
  simulation.kill(phone, phone.tabs, chance(0));
  let again: string | null = null;
  phone.open((after) => (again = picture(after)));
  await pass(simulation, minute);
  if (again !== null && shown !== again) {
    const words = 'shows other things than when it is opened anew';
    simulation.ledger.failures.push(`phone ${phone.number} ${words}: ${firstDifference(shown, again)}`);
  }
}

function opened(phone: PhoneMachine): (Tab & { phone: Phone; account: string })[] {
  return phone.tabs.flatMap((tab) =>
    tab.phone && tab.account ? [{ ...tab, phone: tab.phone, account: tab.account }] : [],
  );
}

/** All that screens read, as a text. */
export function picture({ register }: Phone): string {
  const buildings = register.buildings();
  return JSON.stringify(
    {
      buildings,
      boards: buildings.map(({ building }) => register.board(building.id)),
      records: register.records(),
      recipients: register.recipients(),
      tasks: register.tasks(),
      grids: register.grids(),
      profile: register.profile(),
      community: register.community(),
    },
    null,
    1,
  );
}

function firstDifference(one: string, other: string): string {
  if (process.env.PICTURES) {
    writeFileSync('/tmp/one.json', one);
    writeFileSync('/tmp/other.json', other);
  }
  const lines = other.split('\n');
  const at = one.split('\n').findIndex((line, index) => line !== lines[index]);
  return `line ${at}: ${one.split('\n')[at]} / ${lines[at]}`;
}

function accountsOn(phone: PhoneMachine): string[] {
  return phone.disk.databases().flatMap((name) => /^qiaomen-(.+-.+)$/.exec(name)?.[1] ?? []);
}
