/**
 * What somebody wrote into a form of the desk, by the names of its fields. Beside a field stands what the page gave it as
 * `was:<name>`: only what is another by now was written; all else shows what the office holds. `was:choice:<key>` are the sides
 * that stood to be chosen. What has no field any more comes again as `kept:<name>`.
 */
export type Typed = Record<string, string>;

const written = /^(comment:|value:|own:|choice:|words$|door$)/;

export function typedIn(form: FormData): Typed {
  const typed: Typed = {};
  for (const name of new Set([...form.keys()].map(fieldOf))) {
    if (!written.test(name)) continue;
    const [text, was] = [textOf(form, name), wasOf(form, name)];
    if (was === null ? text === '' : isUntouched(form, name)) continue;
    typed[name] = text;
    if (was !== null) typed[`was:${name}`] = was;
  }
  for (const [name, value] of form.entries()) {
    const kept = /^kept:(.*)$/s.exec(name)?.[1];
    if (kept !== undefined && typeof value === 'string') typed[kept] ??= plain(value);
  }
  return typed;
}

/** A field that says what the page gave it. Nothing over a masked number keeps the number. */
export function isUntouched(form: FormData, name: string): boolean {
  const [text, was] = [textOf(form, name), wasOf(form, name)];
  return was !== null && (text === was || (text === '' && name.endsWith('"idNumber"]')));
}

/** Several codes of one field stand below each other; of none that is ticked only `many:<key>` is sent. */
function fieldOf(name: string): string {
  const many = /^(own-)?many:(.*)$/s.exec(name);
  return many ? `${many[1] ? 'own' : 'value'}:${many[2] ?? ''}` : name;
}

function textOf(form: FormData, name: string): string {
  return plain(
    form
      .getAll(name)
      .filter((value) => typeof value === 'string')
      .join('\n'),
  );
}

function wasOf(form: FormData, name: string): string | null {
  const was = form.get(`was:${name}`);
  return typeof was === 'string' ? plain(was) : null;
}

/** A posted form ends its lines with two characters. */
const plain = (text: string) => text.replaceAll('\r\n', '\n');
