/** The deeds of a story: what each of them does to the simulated world. */
import type { Phone } from '../../src/lib/device/phone';
import type { SignedIn } from '../../src/lib/server/office';
import type { Chance } from './chance';
import type { Dice } from './clockwork';
import { correct, fillIn } from './forms-filled';
import type { PhoneMachine } from './phone-machine';
import type { Simulation } from './simulation';
import type { Step } from './story';
import type { Place } from './worker';

const minute = 60_000;
const day = 24 * 60 * minute;
const mostTabs = 3;

/** Does the deed of a step, or begins it: what it sets going goes on with the tasks that follow. */
export async function doDeed(simulation: Simulation, { deed, who, dice: stepDice }: Step, dice: Chance): Promise<void> {
  const { clockwork, office, faults, ledger, receipts, phones, worker, desk, erasures, rosters } = simulation;
  const phone = phones[who % phones.length] as PhoneMachine;
  const coordinator = office.community.coordinators[who % 2] as SignedIn;
  const at = (run: (place: Place) => Promise<void>) => inSomeTab(simulation, phone, dice, deed, run);
  const schedule = simulation.schedule(stepDice);
  switch (deed) {
    case 'save':
      return at((place) => worker.save(place, fillIn(place.opened, dice, place.now)));
    case 'correct':
      return correctIn(simulation, phone, dice);
    case 'draft':
      return at((place) => worker.keepDraft(place, dice));
    case 'save a draft':
      return at((place) => worker.saveDraft(place, dice));
    case 'drop a draft':
      return at((place) => worker.dropDraft(place, dice));
    case 'discard':
      return discardIn(simulation, phone, dice, stepDice);
    case 'sync':
      return at(({ opened }) => opened.syncNow());
    case 'kill a phone':
      await untilAmidWork(simulation, phone, dice, stepDice);
      faults['phone killed'] += 1;
      simulation.kill(phone, phone.tabs, dice);
      phone.open();
      return;
    case 'kill a tab':
      return killTab(simulation, phone, dice);
    case 'open a tab':
      if (phone.tabs.length >= mostTabs) return;
      if (phone.tabs.length > 0) faults['tab opened'] += 1;
      phone.open();
      return;
    case 'close a tab':
      return closeTab(phone, dice);
    case 'close connections':
      if (phone.disk.connections().length > 0) faults['connection closed under the app'] += 1;
      return phone.disk.closeByItself(phone.disk.connections());
    case 'change hands':
      return changeHands(simulation, phone, dice);
    case 'session ends':
      faults['signed out'] += 1;
      phone.cookie = null;
      return;
    case 'sign in again':
      return signInAgain(phone);
    case 'move a phone clock':
      faults['phone clock moved'] += 1;
      phone.ahead = dice.pick([0, -day, day, dice.below(2 * day) - day, 400 * day, -400 * day]);
      return;
    case 'new app':
      faults['new app'] += 1;
      phone.app = `app ${stepDice}`;
      simulation.kill(phone, phone.tabs, dice);
      phone.open();
      return;
    case 'go offline':
      phone.online = !phone.online;
      return;
    case 'weather':
      simulation.network.weather = {
        trouble: dice.pick([0, 0.1, 0.3, 0.6]),
        portal: dice.happens(0.05),
        offline: dice.happens(0.05),
      };
      return;
    case 'wait':
      await clockwork.pass(dice.pick([5_000, minute, 4 * minute, 30 * minute]), schedule, 1_500);
      return;
    case 'sleep long':
      faults['long sleep'] += 1;
      await clockwork.pass(100 * day, schedule, 4_000);
      return;
    case 'kill the office':
      await untilOfficeAmidWork(simulation, phone, dice, stepDice);
      await office.kill(dice.happens(0.5) ? dice : 'all');
      return dice.happens(0.7) ? office.start() : undefined;
    case 'start the office':
      return office.start();
    case 'move the office clock':
      faults['office clock moved'] += 1;
      office.ahead = dice.pick([0, day, -day, dice.below(2 * minute)]);
      return;
    case 'back up':
      return office.backup();
    case 'restore':
      return office.restore(
        dice,
        async (db) => void ledger.failures.push(...(await receipts.compare(db, office.community.id))),
        () => phones.forEach(({ number, disk }) => ledger.lookedAt(number, disk)),
      );
    case 'review':
      return office.work((process) => desk.review(process, coordinator, dice));
    case 'review together':
      return office.work((process) => desk.reviewTogether(process, dice));
    case 'approve with corrections':
      return office.work((process) => desk.approveCorrected(process, coordinator, dice));
    case 'undo':
      return office.work((process) => desk.undo(process, coordinator, dice));
    case 'choose a copy':
      return office.work((process) => desk.chooseCopy(process, coordinator, dice));
    case 'set a care plan':
      return office.work((process) => desk.setCarePlan(process, coordinator, dice));
    case 'erase a person':
      return office.work((process) => erasures.erase(process, dice));
    case 'make a rescue file':
      return makeRescueFile(simulation, phone, coordinator, dice);
    case 'take in a rescue file':
      return takeInRescueFile(simulation, dice);
    case 'correct the register':
      return office.work((process) => desk.correctRegister(process, coordinator, dice));
    case 'change grids':
      return office.work((process) => desk.changeGrids(process, dice));
    case 'end an account':
      return office.work((process) => desk.endAccount(process, dice));
    case 'revoke a phone':
      return office.work((process) => desk.revokePhone(process, dice));
    case 'allow a phone':
      return office.work((process) => desk.allowPhone(process, dice));
    case 'round':
      return office.work((process) => desk.round(process, coordinator, dice));
    case 'publish a form':
      // Often somebody is amid the old one.
      if (dice.happens(0.5)) at((place) => worker.keepDraft(place, dice));
      return office.work((process) => desk.publishForm(process, dice));
    case 'bring a roster':
      return office.work((process) => rosters.bring(process, coordinator, dice));
    case 'decide on a roster':
      return office.work((process) => rosters.decide(process, coordinator, dice));
    case 'break off a roster':
      return breakOffRoster(simulation, coordinator, dice, schedule);
    default:
      return deed satisfies never;
  }
}

/** Often a request is on its way just then: what was handed over stays (DEV-15). */
async function discardIn(simulation: Simulation, phone: PhoneMachine, dice: Chance, schedule: number): Promise<void> {
  const { clockwork, worker } = simulation;
  if (dice.happens(0.6)) {
    inSomeTab(simulation, phone, dice, 'last deed', (place) =>
      worker.save(place, fillIn(place.opened, dice, place.now)),
    );
  }
  if (dice.happens(0.5)) {
    await clockwork.run(dice.below(60), simulation.schedule(schedule));
    inSomeTab(simulation, phone, dice, 'sync', ({ opened }) => opened.syncNow());
  }
  await clockwork.run(dice.below(60), simulation.schedule(schedule));
  inSomeTab(simulation, phone, dice, 'discard', (place) => worker.discard(place, dice));
}

/**
 * Somebody who cannot reach the office saves, gives out a file, and often brings it to the desk at once; the phone finds the office again soon. Or it does reach
 * it, and what is in the file is on its way as well.
 */
function makeRescueFile(
  { clockwork, network, office, worker, rescue }: Simulation,
  phone: PhoneMachine,
  by: SignedIn,
  dice: Chance,
): void {
  const isCutOff = dice.happens(0.6);
  const isBroughtNow = dice.happens(0.7);
  if (isCutOff) network.cutOff(phone, 5_000);
  inSomeTab({ clockwork }, phone, dice, 'rescue', async (place) => {
    await worker.save(place, fillIn(place.opened, dice, place.now));
    const file = await rescue.make(place);
    if (file && isBroughtNow) office.work((process) => rescue.takeIn(process, by, file));
  });
}

/** A roster's program dies amid an import, often in a transaction; some die with the office. */
async function breakOffRoster(
  { clockwork, office, rosters }: Simulation,
  by: SignedIn,
  dice: Chance,
  schedule: Dice,
): Promise<void> {
  if (dice.happens(0.7)) office.work((process) => rosters.bring(process, by, dice));
  for (let tries = 0; tries < 40 && !rosters.isImporting(); tries += 1) {
    await clockwork.runUntil(() => rosters.isImporting(), 200, schedule);
    if (!rosters.isImporting()) await clockwork.pass(100, schedule, 200);
  }
  await clockwork.run(dice.pick([0, 0, dice.below(40)]), schedule);
  rosters.kill(dice);
}

/** Once, once more, or by both coordinators at the same time. */
function takeInRescueFile({ office, rescue }: Simulation, dice: Chance): void {
  const file = rescue.some(dice);
  if (!file) return;
  const [one, other] = office.community.coordinators;
  const how = dice.pick(['once', 'again', 'together'] as const);
  office.work(async (process) => {
    const first = rescue.takeIn(process, one, file);
    if (how !== 'together') await first;
    if (how !== 'once') await Promise.all([first, rescue.takeIn(process, other, file)]);
    else await first;
  });
}

/** Often their other phone, which has not heard of it yet, corrects the same record: two texts of one number (REC-3). */
function correctIn(simulation: Simulation, phone: PhoneMachine, dice: Chance): void {
  const { clockwork, phones, worker } = simulation;
  inSomeTab(simulation, phone, dice, 'correct', async (place) => {
    const draft = correct(place.opened, dice, place.now);
    await worker.save(place, draft);
    if (!draft || !dice.happens(0.5)) return;
    for (const other of phones) {
      const tab = other.tabs.find(({ phone: opened, account }) => opened && account === place.account);
      if (other === phone || !tab) continue;
      other.act(tab, 'correct', (opened) => {
        const there = { ...place, device: other.number, opened, now: clockwork.now + other.ahead };
        if (!opened.register.record(draft.submissionId)) return Promise.resolve();
        return worker.save(there, { ...draft, body: { ...draft.body, note: `另一部手机 ${dice.below(1000)}` } });
      });
    }
  });
}

/** Often somebody saves or syncs just then: the phone dies some tasks into it, or in a transaction. */
async function untilAmidWork(
  simulation: Simulation,
  phone: PhoneMachine,
  dice: Chance,
  schedule: number,
): Promise<void> {
  if (dice.happens(0.3)) return;
  const { clockwork, worker } = simulation;
  inSomeTab(simulation, phone, dice, 'last deed', (place) =>
    dice.happens(0.6) ? worker.save(place, fillIn(place.opened, dice, place.now)) : place.opened.syncNow(),
  );
  await clockwork.run(dice.below(80), simulation.schedule(schedule));
  if (dice.happens(0.6)) {
    const amid = dice.happens(0.5) ? () => phone.disk.isWriting() : () => phone.disk.isCommitting();
    await clockwork.runUntil(amid, 300, simulation.schedule(schedule));
  }
}

/** Often a request is at the office just then: the process dies some tasks into it, or right after a commit. */
async function untilOfficeAmidWork(
  simulation: Simulation,
  phone: PhoneMachine,
  dice: Chance,
  schedule: number,
): Promise<void> {
  if (dice.happens(0.3)) return;
  const { clockwork, office, worker } = simulation;
  inSomeTab(simulation, phone, dice, 'last deed', async (place) => {
    await worker.save(place, fillIn(place.opened, dice, place.now));
    await place.opened.syncNow();
  });
  const amid = dice.pick([() => office.isAsked(), () => office.isWriting(), () => office.hasCommitted()]);
  await clockwork.runUntil(amid, 600, simulation.schedule(schedule));
  await clockwork.run(dice.pick([0, 0, dice.below(30)]), simulation.schedule(schedule));
}

function inSomeTab(
  { clockwork }: Pick<Simulation, 'clockwork'>,
  phone: PhoneMachine,
  dice: Chance,
  label: string,
  run: (place: Place) => Promise<void>,
): void {
  const open = phone.tabs.filter((tab) => tab.phone);
  if (open.length === 0) return;
  const tab = dice.pick(open);
  const device = phone.number;
  phone.act(tab, label, (opened) =>
    run({ device, account: tab.account ?? '', opened, now: clockwork.now + phone.ahead }),
  );
}

function signInAgain(phone: PhoneMachine): void {
  const account = phone.tabs.find((tab) => tab.account)?.account;
  if (account) phone.newSession(account);
}

function killTab(simulation: Simulation, phone: PhoneMachine, dice: Chance): void {
  if (phone.tabs.length === 0) return;
  simulation.faults['tab killed'] += 1;
  simulation.kill(phone, [dice.pick(phone.tabs)], dice);
  if (phone.tabs.length === 0) phone.open();
}

function closeTab(phone: PhoneMachine, dice: Chance): void {
  const open = phone.tabs.filter((tab) => tab.phone);
  if (open.length === 0) return;
  const tab = dice.pick(open);
  phone.act(tab, 'close', async (opened: Phone) => {
    tab.phone = null;
    await opened.close();
    phone.tabs = phone.tabs.filter((other) => other !== tab);
    if (phone.tabs.length === 0) phone.open();
  });
}

function changeHands(simulation: Simulation, phone: PhoneMachine, dice: Chance): void {
  if (!simulation.changesHands(phone)) return;
  const now = phone.tabs.find(({ account }) => account)?.account;
  simulation.faults['changed hands'] += 1;
  const others = simulation.office.community.people.slice(0, 3).filter(({ id }) => id !== now);
  simulation.kill(phone, phone.tabs, dice);
  phone.signIn(dice.pick(others));
}
