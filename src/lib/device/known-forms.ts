/** Forms as this phone has them now: those in its code, and versions that the community published and told it of. The start page does without. */
import { asksTheSame } from '../forms/compare';
import type { FormDefinition } from '../forms/definition';
import { readDefinition } from '../forms/definition-schema';
import { definitions, findForm, newestForm } from '../forms/definitions';
import { formItemId } from '../sync/items';
import type { PhoneRegister } from './phone';

export class KnownForms {
  #told: ReadonlyMap<string, unknown>;

  constructor(register: Pick<PhoneRegister, 'toldForms'>) {
    this.#told = register.toldForms();
  }

  /** The definition of one version: a draft goes on under the one that it was begun with. Null where this phone does not know it (any more). */
  find({ id, version }: { id: string; version: number }): FormDefinition | null {
    return findForm(id, version) ?? this.#read(formItemId({ id, version }));
  }

  /**
   * The version that a new form is begun with: the newest that the office takes and that these screens can ask. Before the office has told of any, the
   * newest in the code. What the screens cannot ask is kept and passed over (FEED-7). Throws a RangeError for an id that no form has.
   */
  newest(id: string): FormDefinition {
    const own = definitions.filter((form) => form.id === id);
    const told = [...this.#told.keys()]
      .filter((item) => item.startsWith(`${id}@`))
      .flatMap((item) => this.#read(item) ?? [])
      .filter((form) => findForm(form.id, form.version) !== null || own.some((known) => asksTheSame(known, form)));
    return told.sort((a, b) => b.version - a.version)[0] ?? newestForm(id);
  }

  #read(itemId: string): FormDefinition | null {
    const definition = readDefinition(this.#told.get(itemId));
    return definition && formItemId(definition) === itemId ? definition : null;
  }
}
