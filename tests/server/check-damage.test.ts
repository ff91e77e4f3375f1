/** Damage that can be read: what is told and not there, what is there and names nothing, what says one thing here and another there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foundAfter, openWorkedOffice } from './damage-for-tests';
import type { TestOffice } from './office-for-tests';

let here: TestOffice;
beforeAll(async () => {
  here = await openWorkedOffice();
});
afterAll(() => here.close());

const stray = (type: string, feed: string) =>
  `INSERT INTO feed_item SELECT community_id, ${feed}, type, item_id, 5000, body, gone FROM feed_item WHERE type = '${type}' AND gone = 0 AND feed_id <> ${feed} AND item_id = (SELECT min(item_id) FROM feed_item WHERE type = '${type}' AND gone = 0 AND feed_id <> ${feed})`;
const newFeed = `UPDATE feed SET version = 6000`;
const otherAccount = `(SELECT max(feed_id) FROM feed_item WHERE type = 'profile')`;
const pending = `(SELECT min(id) FROM submission WHERE review = 'pending')`;
const approvedOne = `(SELECT min(id) FROM decision WHERE kind = 'approve' AND undone_at IS NULL AND by_rule = 'person' AND submission_id IN (SELECT id FROM submission WHERE kind = 'household-verification'))`;

const aPhone = `id = (SELECT min(id) FROM register_change WHERE field = 'phone')`;
const oneEffect = `entity_id = (SELECT min(entity_id) FROM decision_effect WHERE entity_type = 'resident')`;
const alias = (id: string, sameAs: string) =>
  `INSERT INTO alias SELECT community_id, 'resident', '${id}', '${sameAs}' FROM community`;
const anotherId = `(SELECT id FROM account WHERE username = 'other-worker')`;

const damages: [name: string, check: string, ...statements: string[]][] = [
  [
    'a record that phones are told, gone with its receipt',
    'told',
    `DELETE FROM revision WHERE submission_id = ${pending}`,
    `DELETE FROM submission WHERE id = ${pending}`,
  ],
  [
    'a door told in the feed of another grid',
    'told',
    newFeed,
    stray('dwelling', `(SELECT max(feed_id) FROM feed_item WHERE type = 'grid')`),
  ],
  ['a record told to somebody else', 'told', newFeed, stray('submission', otherAccount)],
  ['a person in care told to who does not care', 'told', newFeed, stray('recipient', otherAccount)],
  ['a care plan gone whose person is told', 'told', `DELETE FROM care_plan`],
  ['an item of version 0', 'feeds', `UPDATE feed_item SET version = 0 WHERE type = 'community'`],
  ['an item of a version below', 'feeds', `UPDATE feed_item SET version = -5 WHERE type = 'community'`],
  [
    'an approved record that phones let go before its time',
    'told',
    `DELETE FROM feed_item WHERE type = 'submission' AND item_id IN (SELECT id FROM submission WHERE review = 'approved')`,
  ],
  ['every change of a value gone', 'history', `DELETE FROM register_change WHERE field <> '*'`],
  [
    'the first change of a value altered',
    'history',
    `UPDATE register_change SET before = '"x"' WHERE id = (SELECT min(id) FROM register_change WHERE field = 'phone')`,
  ],
  ['a version older than the history', 'history', `UPDATE resident SET version = 0`],
  [
    'a decision’s effects and changes gone together',
    'history',
    `DELETE FROM register_change WHERE decision_id = ${approvedOne}`,
    `DELETE FROM decision_effect WHERE decision_id = ${approvedOne}`,
  ],
  [
    'what an undo puts back altered',
    'effects',
    `UPDATE decision_effect SET before = replace(before, '"presence":"here"', '"presence":"died"') WHERE before LIKE '%"presence":"here"%'`,
    `UPDATE decision_effect SET before = 'null' WHERE entity_type = 'household'`,
  ],
  [
    'a version after a decision that never was',
    'effects',
    `UPDATE decision_effect SET version_after = version_after + 30`,
  ],
  ['a decision of another kind', 'decisions', `UPDATE decision SET kind = 'return' WHERE id = ${approvedOne}`],
  ['a decision that follows on itself', 'decisions', `UPDATE decision SET previous_id = id`],
  ['a decision said to be undone', 'decisions', `UPDATE decision SET undone_at = at WHERE id = ${approvedOne}`],
  [
    'a decision of a record that stood otherwise',
    'decisions',
    `UPDATE decision SET review_before = 'returned' WHERE id = ${approvedOne}`,
  ],
  [
    'an undo on another revision than it takes back',
    'decisions',
    `UPDATE decision SET digest = 'x' WHERE kind = 'undo' AND aside IS NULL`,
  ],
  ['a chain that begins in its middle', 'decisions', `UPDATE decision SET previous_id = NULL WHERE kind = 'undo'`],
  [
    'an undo at another time than it was',
    'decisions',
    `UPDATE decision SET undone_at = '2026-01-01T00:00:00.000Z' WHERE undone_at IS NOT NULL AND aside IS NULL`,
  ],
  [
    'a decision by a rule that takes no such',
    'decisions',
    `UPDATE decision SET by_rule = 'recheck' WHERE by_rule = 'attempt'`,
  ],
  [
    'a decision by a rule that is said to be a person’s',
    'decisions',
    `UPDATE decision SET by_rule = 'person' WHERE by_rule = 'attempt'`,
  ],
  [
    'a record that stands as nobody decided',
    'decisions',
    `UPDATE submission SET review = 'returned' WHERE review = 'approved'`,
  ],
  [
    'a record in quarantine that is said to wait',
    'decisions',
    `UPDATE submission SET review = 'pending' WHERE review = 'quarantined'`,
  ],
  [
    'a record that was decided at another time',
    'decisions',
    `UPDATE submission SET decided_at = received_at WHERE review = 'returned'`,
  ],
  [
    'a record that waits for a rule which nobody asks',
    'decisions',
    `UPDATE submission SET by_rule = 1 WHERE id = ${pending}`,
  ],
  [
    'a decision on a revision beside that is not there',
    'decisions',
    `UPDATE decision SET aside = 'x' WHERE aside IS NOT NULL`,
  ],
  [
    'a decision on a revision beside that could not be',
    'decisions',
    `UPDATE decision SET review_before = 'voided' WHERE aside IS NOT NULL AND kind = 'void'`,
  ],
  [
    'an undo beside at another time than it was',
    'decisions',
    `UPDATE decision SET undone_at = NULL WHERE aside IS NOT NULL`,
  ],
  [
    'a last decision on a revision beside gone',
    'decisions',
    `UPDATE revision SET decision_id = NULL WHERE place = 'foreign'`,
  ],
  [
    'a revision of somebody else that stands as nobody decided',
    'decisions',
    `UPDATE revision SET review = 'quarantined' WHERE place = 'foreign'`,
  ],
  [
    'a revision of somebody else that is said to be the author’s',
    'decisions',
    `UPDATE revision SET place = 'beside' WHERE place = 'foreign'`,
  ],
  [
    'a door state of no record',
    'references',
    `UPDATE door_state SET submission_id = 'ghost' WHERE submission_id IS NOT NULL`,
  ],
  ['a proposal of nobody', 'references', `UPDATE proposal SET account_id = 'ghost'`],
  ['a rescue key of which a half is another’s', 'community', `UPDATE rescue_key SET private_key = 'AAAA'`],
  ['no epoch', 'community', `UPDATE community SET epoch = ''`],
  ['an account that nobody can sign in as', 'accounts', `DELETE FROM sign_in_user WHERE username = 'worker'`],
  [
    'an account of which the password is gone',
    'accounts',
    `DELETE FROM sign_in_credential WHERE "userId" = (SELECT id FROM account WHERE username = 'worker')`,
  ],
  ['a password that nothing can check', 'accounts', `UPDATE sign_in_credential SET password = ''`],
  [
    'an account that signs in under another name',
    'accounts',
    `UPDATE sign_in_user SET username = 'worker-too' WHERE username = 'worker'`,
  ],
  ['somebody who signs in and has no account', 'accounts', `DELETE FROM account WHERE username = 'worker'`],
  ['who cares for a person known to the plan alone', 'care', `UPDATE account_recipient SET until_at = from_at`],
  [
    'who cares for a person unknown to the plan',
    'care',
    `INSERT INTO account_recipient SELECT community_id, ${anotherId}, resident_id, from_at, NULL FROM account_recipient`,
  ],
  ['somebody who cares for a person without a plan', 'care', `DELETE FROM care_plan`],
  [
    'a person of whom the history alone is left',
    'references',
    `UPDATE register_change SET entity_id = 'ghost' WHERE ${aPhone}`,
  ],
  [
    'a door of whom the history alone is left',
    'references',
    `UPDATE register_change SET dwelling_id = 'ghost' WHERE ${aPhone}`,
  ],
  ['an effect on nobody', 'references', `UPDATE decision_effect SET entity_id = 'ghost' WHERE ${oneEffect}`],
  [
    'an effect on no household',
    'references',
    `UPDATE decision_effect SET entity_id = 'ghost' WHERE ${oneEffect.replace('resident', 'household')}`,
  ],
  ['an alias of nobody', 'references', alias('one', 'ghost')],
  ['an alias of itself', 'references', alias('one', 'one')],
  ['aliases in a ring', 'references', alias('one', 'two'), alias('two', 'three'), alias('three', 'one')],
  [
    'a record at a door that nobody knows',
    'references',
    `UPDATE submission SET dwelling_id = 'ghost' WHERE id = ${pending}`,
  ],
  [
    'care for a person who never was',
    'references',
    `INSERT INTO account_recipient SELECT community_id, account_id, 'ghost', from_at, from_at FROM account_recipient`,
  ],
  ['a decision of nobody', 'references', `UPDATE decision SET by_account = 'ghost' WHERE by_rule = 'person'`],
  [
    'a revision decided on by a decision that is not there',
    'references',
    `UPDATE revision SET decision_id = 'ghost' WHERE place = 'foreign'`,
  ],
  ['a door in another room than its body says', 'stored', `UPDATE dwelling SET room = '999'`],
  ['a door on another floor than its body says', 'stored', `UPDATE dwelling SET floor = floor + 1`],
  ['a person of another name than their body says', 'stored', `UPDATE resident SET name = '无名'`],
  ['a person who died by the column alone', 'stored', `UPDATE resident SET presence = 'died'`],
  [
    'a record of another kind than its revision',
    'submissions',
    `UPDATE submission SET kind = 'concern' WHERE id = ${pending}`,
  ],
  [
    'a record about another door than its revision',
    'submissions',
    `UPDATE submission SET target_id = (SELECT max(id) FROM dwelling) WHERE id = ${pending}`,
  ],
  [
    'a record of another outcome than its revision',
    'submissions',
    `UPDATE submission SET outcome = 'refused' WHERE id = ${pending}`,
  ],
  [
    'a record that came in when no revision did',
    'submissions',
    `UPDATE submission SET received_at = '2020-01-01T00:00:00.000Z' WHERE id = ${pending}`,
  ],
  [
    'a record that was saved when no revision was',
    'submissions',
    `UPDATE submission SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE id = ${pending}`,
  ],
  [
    'a revision recorded when it does not say',
    'submissions',
    `UPDATE revision SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE place = 'first'`,
  ],
  [
    'a change at another time than its decision',
    'history',
    `UPDATE register_change SET at = '2020-01-01T00:00:00.000Z' WHERE decision_id IS NOT NULL`,
  ],
  [
    'a change by somebody else than its decision',
    'history',
    `UPDATE register_change SET by_account = ${anotherId} WHERE source = 'undo'`,
  ],
  [
    'a change for another record than its decision',
    'history',
    `UPDATE register_change SET submission_id = ${pending} WHERE decision_id IS NOT NULL`,
  ],
  [
    'what an undo would put back is of another row',
    'effects',
    `UPDATE decision_effect SET before = replace(before, entity_id, 'ghost') WHERE entity_type = 'household' AND before <> 'null'`,
  ],
  ['a proposal of somebody else than its record', 'proposals', `UPDATE proposal SET account_id = ${anotherId}`],
  [
    'a door that counts by a record which stands otherwise',
    'doors',
    `UPDATE door_state SET review = 'pending' WHERE review = 'approved'`,
  ],
  [
    'a grid that an account has twice',
    'accounts',
    `INSERT INTO account_grid SELECT community_id, account_id, grid_id, '2020-01-01T00:00:00.000Z', NULL FROM account_grid`,
  ],
  ['rows of a community that is not there', 'references', `UPDATE audit SET community_id = 'ghost'`],
  ['a feed of nobody', 'references', `INSERT INTO feed SELECT community_id, 'grid/ghost', 1 FROM community`],
  [
    'a record at another door than what it is about',
    'submissions',
    `UPDATE submission SET dwelling_id = (SELECT max(id) FROM dwelling) WHERE id = ${pending}`,
  ],
  [
    'a visit at another door than the person’s',
    'submissions',
    `UPDATE submission SET dwelling_id = (SELECT max(id) FROM dwelling) WHERE kind = 'care-visit'`,
  ],
  [
    'a record in a grid where its door never was',
    'submissions',
    `UPDATE submission SET grid_id = (SELECT max(id) FROM grid WHERE id <> submission.grid_id) WHERE id = ${pending}`,
  ],
  [
    'a revision that holds its place and stands as decided',
    'submissions',
    `UPDATE revision SET review = 'approved' WHERE place = 'first'`,
  ],
  ['a revision by an exception that there is not', 'submissions', `UPDATE revision SET mark = 'x'`],
  [
    'a revision said to have been erased',
    'receipts',
    `UPDATE revision SET erased_at = '2026-01-01T00:00:00.000Z' WHERE place = 'first'`,
  ],
  [
    'changes of a record without its decision',
    'history',
    `UPDATE register_change SET decision_id = NULL WHERE decision_id IS NOT NULL`,
  ],
  [
    'a change by a decision that is said to be imported',
    'history',
    `UPDATE register_change SET source = 'import' WHERE source = 'submission'`,
  ],
  [
    'a change of a person at another door',
    'history',
    `UPDATE register_change SET dwelling_id = (SELECT max(id) FROM dwelling) WHERE ${aPhone}`,
  ],
  [
    'a change of a door as another one',
    'history',
    `UPDATE register_change SET dwelling_id = (SELECT max(id) FROM dwelling) WHERE id = (SELECT min(id) FROM register_change WHERE entity_type = 'dwelling')`,
  ],
  ['a door’s version ahead of all that was done to it', 'history', `UPDATE dwelling SET version = version + 3`],
  [
    'somebody who was only confirmed, whom an undo would take away',
    'effects',
    `UPDATE decision_effect SET before = 'null' WHERE entity_type = 'resident' AND before <> 'null'`,
  ],
  [
    'somebody who was only confirmed, put back as they never were',
    'effects',
    `UPDATE decision_effect SET before = replace(before, '"presence":"here"', '"presence":"died"') WHERE entity_type = 'resident'`,
  ],
  ['an earlier body of a door that says nothing', 'past', `UPDATE feed_past SET body = '{"x":1}'`],
  [
    'an earlier body that is another door’s',
    'past',
    `UPDATE feed_past SET body = (SELECT max(body) FROM feed_item WHERE type = 'dwelling')`,
  ],
  [
    'somebody proposed at a door that no record is about',
    'proposals',
    `UPDATE proposal SET dwelling_id = (SELECT max(id) FROM dwelling)`,
  ],
  [
    'a time in a grid that begins years from now',
    'accounts',
    `UPDATE account_grid SET from_at = '2099-01-01T00:00:00.000Z'`,
  ],
  [
    'a time in a grid that ended before it began',
    'accounts',
    `UPDATE account_grid SET until_at = '2020-01-01T00:00:00.000Z'`,
  ],
  [
    'a time of care that ended before it began',
    'accounts',
    `UPDATE account_recipient SET until_at = '2020-01-01T00:00:00.000Z'`,
  ],
  [
    'work on a record that is not there',
    'references',
    `INSERT INTO afterwork SELECT community_id, 'ghost', 'attempt', '2026-01-01T00:00:00.000Z' FROM community`,
  ],
  [
    'a door that is counted otherwise than its records say',
    'doors',
    `UPDATE door_state SET coverage = replace(coverage, '"people":{"of":2', '"people":{"of":7')`,
  ],
  [
    'a door told so and so, by a state that is not what was approved',
    'doors',
    `UPDATE door_state SET next_visit = '2031-01-01' WHERE outcome = 'not-visited'`,
    `UPDATE feed_item SET body = replace(body, '"nextVisit":null', '"nextVisit":"2031-01-01"') WHERE type = 'dwelling' AND body LIKE '%"not-visited"%'`,
  ],
  ['a next care visit on another day than the visits say', 'care', `UPDATE care_plan SET next_on = '2031-01-01'`],
  [
    'doors that nobody visited yet, gone from their round',
    'doors',
    `DELETE FROM door_state WHERE submission_id IS NULL`,
  ],
  ['a door that counts in a round of other grids', 'doors', `UPDATE round SET grid_ids = '[]'`],
  ['a password cut short', 'accounts', `UPDATE sign_in_credential SET password = substr(password, 1, 40)`],
  [
    'a second password of one account',
    'accounts',
    `INSERT INTO sign_in_credential (id, "userId", "accountId", "providerId", password, "createdAt", "updatedAt")
     SELECT id || '-2', "userId", "accountId", "providerId", password, "createdAt", "updatedAt" FROM sign_in_credential`,
  ],
  [
    'an account that has ended and works in a grid still',
    'accounts',
    `UPDATE account SET ended_at = '2026-01-01T00:00:00.000Z'`,
  ],
  [
    'somebody of the register whose id leads to somebody else',
    'references',
    `INSERT INTO alias SELECT community_id, 'resident', max(id), min(id) FROM resident GROUP BY community_id`,
  ],
  ['people whose numbers find nobody', 'numbers', `UPDATE resident SET number_hash = NULL`],
];

test.each(damages)('%s is found', async (_name, check, ...statements) => {
  expect((await foundAfter(here, ...statements)).map((finding) => finding.check)).toContain(check);
});
