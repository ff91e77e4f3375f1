import * as z from 'zod';

const PressId = z.uuid().check(z.lowercase());

/** What the page called the press of this form, before it was pressed: the id of what is made. Pressed again, since no answer came, it makes nothing twice. */
export function pressIn(form: FormData): string | undefined {
  return PressId.safeParse(form.get('press')).data;
}

/** The text of one field of a posted form; '' where it is not there or is a file. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** When somebody was last erased from the record that the page showed, null where nobody was; undefined where the form does not say. */
export function erasedAtIn(form: FormData): string | null | undefined {
  return form.has('erasedAt') ? textIn(form, 'erasedAt') || null : undefined;
}
