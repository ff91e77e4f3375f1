/** A new version of a form is published while drafts and unsent records of the old one exist: both versions are accepted, each by its own definition. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { KnownForms } from '../../src/lib/device/known-forms';
import { householdVerification } from '../../src/lib/forms/definitions/household-verification';
import { Ledger, score } from './ledger';
import { OfficeProcess } from './office-process';
import { PhoneInNode } from './phone-in-node';
import { enginesInTurn } from './settings';

/** Asks the same as the one that the app is built with, and takes a longer note. */
const second = {
  ...householdVerification,
  version: 2,
  sections: householdVerification.sections.map((section) => ({
    ...section,
    fields: section.fields.map((field) => (field.name === 'note' ? { ...field, maxLength: 2000 } : field)),
  })),
};

for (const engine of enginesInTurn) {
  test(`[REC-10] [QUA-5] a form is upgraded while drafts and unsent records of its old version exist, ${engine}`, async () => {
    const office = await OfficeProcess.make(engine);
    const ledger = new Ledger();
    try {
      await office.start();
      const phone = await PhoneInNode.open(office.address, 'grid1', ledger);
      const doors = phone.doors();
      const newest = () => new KnownForms(phone.phone.register).newest('household-verification').version;
      phone.setOffline(true);
      for (const door of doors.slice(0, 5)) await phone.knocks(door);
      const drafts = await Promise.all(doors.slice(5, 8).map((door) => phone.begins(door)));

      const form = path.join(office.folder, 'form.json');
      writeFileSync(form, JSON.stringify(second));
      await office.admin('publish-form', form, '--community', phone.phone.register.community()?.id ?? '');
      phone.setOffline(false);
      await phone.syncUntilIdle();
      expect(newest()).toBe(2);
      for (const draft of drafts) await phone.goesOn(draft);
      for (const door of doors.slice(8, 12)) await phone.knocks(door, newest());
      await phone.syncUntilIdle();

      const rows = await office.rows();
      const of = (version: number) =>
        rows.filter(({ id, text }) => ledger.has(id) && text.includes(`"version":${version}`));
      expect([of(1).length, of(2).length]).toEqual([8, 4]);
      expect(rows.filter(({ id, status }) => ledger.has(id) && status !== 'stored')).toEqual([]);
      score({
        case: 'form upgraded while drafts and unsent records of the old version exist',
        engine,
        ...ledger.compare(rows),
        message: `${of(1).length} under version 1, ${of(2).length} under version 2, none in quarantine`,
      });
      await phone.close();
    } finally {
      await office.remove();
    }
  });
}
