/** Short ways to write fields; label and purpose are message keys made of the field's name. */
import type { CodeListId } from '../../domain/codes/codes';
import type { Field } from '../definition';

type Rest = Omit<Field, 'name' | 'type' | 'label' | 'purpose'>;

/** A field whose label and purpose are `label_<name>` and `purpose_<name>`. */
export function field<const N extends string, const T extends Field['type'], const R extends Rest>(
  name: N,
  type: T,
  rest: R,
) {
  return { name, type, label: `label_${name}`, purpose: `purpose_${name}`, ...rest } as const;
}

/** A field that holds one code of a list. */
export function coded<const N extends string, const L extends CodeListId, const R extends Rest>(
  name: N,
  codeList: L,
  rest: R,
) {
  return { ...field(name, 'code', rest), codeList } as const;
}

/** Message key of a question at the door, in plain words. */
export const ask = <const N extends string>(name: N) => `ask_${name}` as const;

/** Message key of a line that says how to write an answer, or what a code means. */
export const hint = <const N extends string>(name: N) => `hint_${name}` as const;
