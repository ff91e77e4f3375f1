/** Versions of forms that the office publishes while drafts and unsent records of older ones exist, and what became of each. */
import type { Draft } from '../../src/lib/device/phone';
import type { Field, FormDefinition } from '../../src/lib/forms/definition';
import { householdVerification } from '../../src/lib/forms/definitions/household-verification';
import type { Chance } from './chance';
import type { Restore } from './office-machine';

type FormRef = Draft['form'];

/** A form of its own that no app knows. */
const unknownToEveryApp = 'census';

/**
 * The next version of some form, as `known` has them. A version means the same whenever it is published, also after a backup took it back: even ones ask the same with
 * a longer note, so that these apps ask them; odd ones ask one thing more, which no screen here does.
 */
export function nextVersion(known: readonly FormDefinition[], dice: Chance): FormDefinition {
  const ids = [...new Set(known.map(({ id }) => id))].filter((id) => id !== unknownToEveryApp);
  const id = dice.pick([...ids, 'household-verification', 'household-verification', unknownToEveryApp]);
  const version = 1 + Math.max(0, ...known.filter((form) => form.id === id).map((form) => form.version));
  const first = known.find((form) => form.id === id && form.version === 1) ?? householdVerification;
  const asked = version % 2 === 0 ? longerNote(first, version) : [...first.sections, { ...oneMore }];
  return { ...first, id, version, sections: asked };
}

const meter: Field = {
  ...{ name: 'meter', type: 'text', label: 'label_meter', purpose: 'purpose_meter', maxLength: 20 },
  words: { 'zh-CN': '水表号', en: 'Water meter' },
};
const oneMore = { name: 'meter', label: 'section_remarks', fields: [meter] };

function longerNote({ sections }: FormDefinition, version: number): FormDefinition['sections'] {
  return sections.map((section) => ({
    ...section,
    fields: section.fields.map((field) =>
      field.name === 'note' ? { ...field, maxLength: (field.maxLength ?? 1000) + version } : field,
    ),
  }));
}

/** The checker's list of what was published, kept outside of the office. */
export class FormsPublished {
  #published: { form: FormRef; moment: number }[] = [];

  /** The office said that it takes this version from now on; `moment`: its count of what had happened to it. */
  add({ id, version }: FormRef, moment: number): void {
    this.#published.push({ form: { id, version }, moment });
  }

  /** The newest version that was ever published; 1 where none was. */
  newest(id: string): number {
    return Math.max(1, ...this.#published.filter(({ form }) => form.id === id).map(({ form }) => form.version));
  }

  /** It was published, and no backup that lacked it was put back since. */
  isThere({ id, version }: FormRef, restores: readonly Restore[]): boolean {
    const own = this.#published.filter(({ form }) => form.id === id && form.version === version);
    const lost = (moment: number) => restores.some(({ taken, restored }) => restored > moment && taken <= moment);
    return own.length > 0 && !own.some(({ moment }) => lost(moment));
  }
}
