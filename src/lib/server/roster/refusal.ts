/** Why a file cannot be taken in: a code for programs, a plain sentence for people. */
import * as m from '$lib/paraglide/messages';
import type { Locale } from '../../domain/codes/codes';

export type RosterRefusal =
  | {
      refused:
        | 'empty'
        | 'old-excel'
        | 'wps'
        | 'encrypted'
        | 'no-spreadsheet'
        | 'web-page'
        | 'damaged'
        | 'no-header'
        | 'no-residents';
    }
  | { refused: 'unpacks-too-large' | 'file-too-large'; megabytes: number }
  | { refused: 'too-many-rows' | 'too-many-columns'; sheet: string; limit: number };

/** Thrown inside the reader, answered by `readRoster`. */
export class RefusedFile extends Error {
  constructor(readonly refusal: RosterRefusal) {
    super(refusal.refused);
  }
}

export function isRefusal(value: object): value is RosterRefusal {
  return 'refused' in value;
}

/** One sentence that says what is wrong and what to do. */
export function refusalText(refusal: RosterRefusal, locale: Locale = 'zh-CN'): string {
  const options = { locale };
  switch (refusal.refused) {
    case 'empty':
      return m.roster_refused_empty({}, options);
    case 'old-excel':
      return m.roster_refused_old_excel({}, options);
    case 'wps':
      return m.roster_refused_wps({}, options);
    case 'encrypted':
      return m.roster_refused_encrypted({}, options);
    case 'no-spreadsheet':
      return m.roster_refused_no_spreadsheet({}, options);
    case 'web-page':
      return m.roster_refused_web_page({}, options);
    case 'damaged':
      return m.roster_refused_damaged({}, options);
    case 'no-header':
      return m.roster_refused_no_header({}, options);
    case 'no-residents':
      return m.roster_refused_no_residents({}, options);
    case 'unpacks-too-large':
      return m.roster_refused_unpacks_too_large({ megabytes: refusal.megabytes }, options);
    case 'file-too-large':
      return m.roster_refused_file_too_large({ megabytes: refusal.megabytes }, options);
    case 'too-many-rows':
      return m.roster_refused_too_many_rows({ sheet: refusal.sheet, limit: refusal.limit }, options);
    case 'too-many-columns':
      return m.roster_refused_too_many_columns({ sheet: refusal.sheet, limit: refusal.limit }, options);
  }
}
