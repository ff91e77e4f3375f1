/** What a person chose about sheets and columns, as the form says it: only what differs from what is understood now. */
import { RosterField } from '$lib/server/roster/fields';
import type { RosterSummary } from '$lib/server/roster/summary';
import type { RosterMapping } from '$lib/server/roster/understand';

type Sheet = RosterSummary['sheets'][number];

/** `held`: what was chosen before, which stays where the form does not say otherwise. Fields: `use:S`, `top:S`, `bottom:S`, `column:S:C`. */
export function mappingIn(
  form: FormData,
  { sheets }: Pick<RosterSummary, 'sheets'>,
  held: RosterMapping,
): RosterMapping {
  const mapping: RosterMapping = {};
  sheets.forEach((sheet, at) => {
    const before = held[sheet.name] ?? {};
    const header = headerIn(form, at, sheet);
    const columns = columnsIn(form, at, sheet);
    const use = form.has(`sheet:${at}`) ? form.has(`use:${at}`) : before.use;
    const chosen = {
      ...before,
      ...(use === undefined ? {} : { use }),
      ...(header ? { header } : {}),
      // Other header rows make other columns: what was chosen for the old ones is not meant for them.
      columns: header ? {} : { ...before.columns, ...columns },
    };
    mapping[sheet.name] = chosen;
  });
  return mapping;
}

function headerIn(form: FormData, at: number, { header }: Sheet): [number, number] | null {
  const top = Math.trunc(Number(form.get(`top:${at}`)));
  const bottom = Math.trunc(Number(form.get(`bottom:${at}`)));
  if (!(top >= 1) || !(bottom >= top)) return null;
  return header && header[0] === top && header[1] === bottom ? null : [top, bottom];
}

function columnsIn(form: FormData, at: number, sheet: Sheet): Record<string, RosterField | 'left'> {
  const chosen: Record<string, RosterField | 'left'> = {};
  for (const { index, meaning } of sheet.columns) {
    const value = form.get(`column:${at}:${index}`);
    if (typeof value !== 'string' || value === (meaning ?? 'left')) continue;
    const field = RosterField.safeParse(value);
    if (field.success) chosen[index] = field.data;
    else if (value === 'left') chosen[index] = 'left';
  }
  return chosen;
}
