/** An account that was made after the backup: it is gone with the restore, and its phone gives back everything once it is made again under its id. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount, type NewAccount } from '../../src/lib/server/accounts/accounts';
import { readSession } from '../../src/lib/server/accounts/session';
import { signIn } from '../../src/lib/server/accounts/sign-in';
import { linesOfFile, restoreLines } from '../../src/lib/server/backup/restore-backup';
import { writeBackup } from '../../src/lib/server/backup/write-backup';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { openFieldPhone, verifying } from './field-phone-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;
let folder: string;
let file: string;
const password = 'knock-knock-2026';

beforeEach(async () => {
  here = await openTestOffice();
  folder = mkdtempSync(join(tmpdir(), 'qiaomen-accounts-'));
  file = join(folder, 'office.backup');
});
afterEach(async () => {
  await here.close();
  rmSync(folder, { recursive: true });
});

const newcomer = (more: Partial<NewAccount> = {}): NewAccount => ({
  username: 'newcomer',
  password,
  name: '新来的',
  role: 'grid-worker',
  grids: [here.grids[0]],
  ...more,
});
const make = (more?: Partial<NewAccount>) => createAccount(here.office, here.communityId, newcomer(more));
const putBack = () => restoreLines(here.office.database, here.office.world, linesOfFile(file), { replace: true });
const revisions = () =>
  here.office.database.read((db) =>
    db.selectFrom('revision').select(['submission_id', 'digest', 'status']).orderBy('submission_id').execute(),
  );
/** The headers of a browser that has signed in just now; none where it is refused. */
async function enter(): Promise<Headers> {
  const answer = await signIn(here.office, { username: 'newcomer', password });
  if (!answer.signedIn) return new Headers();
  return new Headers({ cookie: answer.cookies.map((cookie) => cookie.split(';')[0]).join('; ') });
}

test('[RES-2] made again under its old id, an account signs in on the same phone, and the office has every record again', async () => {
  await writeBackup(here.office, 'test', file);
  const { id } = await make();
  let cookie = await enter();
  const asker = async () => {
    const session = await readSession(here.office, cookie);
    return session.state === 'none' ? null : session.account;
  };
  const field = await openFieldPhone(here, { communityId: here.communityId, id }, asker);
  for (const door of here.doors.slice(0, 3)) await field.save(verifying(field, door));
  await field.syncNow();
  const sent = await revisions();
  expect(sent).toHaveLength(3);

  const { accountsGone } = await putBack();
  expect(accountsGone).toEqual([{ community_id: here.communityId, id, username: 'newcomer', role: 'grid-worker' }]);
  await field.syncNow();
  expect(field.syncState()).toMatchObject({ phase: 'signed-out' });
  expect(await enter()).toEqual(new Headers());
  expect(await revisions()).toEqual([]);
  // Saved while nobody knew this account.
  await field.save(verifying(field, at(here.doors, 3)));

  await make({ id });
  cookie = await enter();
  await field.syncNow();
  expect(await revisions()).toHaveLength(4);
  expect(await revisions()).toEqual(expect.arrayContaining(sent));
  expect(field.syncState()).toMatchObject({ phase: 'idle', waiting: 0, setAside: 0 });
  expect(field.register.records()).toHaveLength(4);
  expect((await checkOffice(here.office)).findings).toEqual([]);
  await field.close();
});

test('an id that is taken or is none is refused, and nothing is made', async () => {
  const { id } = await make();
  const refused = (more: Partial<NewAccount>) =>
    make({ username: 'another', ...more }).then(
      () => 'made',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
  expect(await refused({ id })).toBe('id-taken');
  expect(await refused({ id: here.accounts.coordinator.id })).toBe('id-taken');
  for (const none of ['', 'newcomer', `${id} `, id.toUpperCase(), id.slice(1)]) {
    expect(await refused({ id: none })).toBe('id');
  }
  const names = await here.office.database.read((db) => db.selectFrom('account').select('username').execute());
  expect(names.filter(({ username }) => username === 'another')).toEqual([]);
  expect(await refused({ id: here.office.world.uuid() })).toBe('made');
});
