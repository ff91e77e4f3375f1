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
