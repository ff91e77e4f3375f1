/** What only a person can answer about a cell of a roster. */
import * as m from '$lib/paraglide/messages';
import * as z from 'zod';
import type { Locale } from '../../domain/codes/codes';
import { placeLabel } from '../../domain/door-label';
import { DoorDetail } from './door-detail';
import { waitingText, type WaitingCode } from './waiting';
import type { ResidentRow, Value } from './resident-rows';

export type QuestionCode =
  | 'id_rounded'
  | 'id_checksum'
  | 'id_length'
  | 'id_characters'
  | 'id_date'
  | 'id_first_card'
  | 'id_twice'
  | 'id_of_another'
  | 'birth_unclear'
  | 'birth_differs'
  | 'birth_before_1900'
  | 'date_ahead'
  | 'sex_unclear'
  | 'sex_differs'
  | 'phone_unclear'
  | 'relation_unclear'
  | 'residence_unclear'
  | 'residence_lives_only'
  | 'use_unclear'
  | 'name_missing'
  | 'name_private_use'
  | 'name_unclear'
  | 'address_missing'
  | 'address_unclear'
  | 'address_twice'
  | 'room_contradicts'
  | 'rooms_several'
  | 'two_heads'
  | 'no_head'
  | 'head_gone'
  | 'grid_differs'
  | 'grid_missing'
  | 'sheet_hidden'
  | 'cell_error'
  | 'cell_error_name'
  | 'cell_error_place'
  | WaitingCode;

const Owner = z.object({ name: z.string(), place: DoorDetail.nullable() });

export type RosterQuestion = {
  sheet: string;
  /** As the spreadsheet counts, titles included. */
  row: number;
  /** The header's words in the file. */
  column: string;
  /** As it stands in the file. */
  value: string;
  code: QuestionCode;
  /** What the message names beside the value; of `no_head`, `address_twice` and `id_of_another` a door as JSON, which each language says its own way. */
  detail: string;
};

/** Asks about one cell; `value` may be missing where the file says nothing. */
export function question(row: ResidentRow, code: QuestionCode, value: Value | undefined, detail = ''): RosterQuestion {
  return { sheet: row.sheet, row: row.row, column: value?.column ?? '', value: value?.text ?? '', code, detail };
}

/** A plain sentence: what is wrong, and what the import does meanwhile. */
export function questionText({ code, value, detail }: RosterQuestion, locale: Locale = 'zh-CN'): string {
  const options = { locale };
  switch (code) {
    case 'id_rounded':
      return m.roster_question_id_rounded({}, options);
    case 'id_checksum':
      return m.roster_question_id_checksum({}, options);
    case 'id_length':
      return m.roster_question_id_length({ length: detail }, options);
    case 'id_characters':
      return m.roster_question_id_characters({}, options);
    case 'id_date':
      return m.roster_question_id_date({}, options);
    case 'id_first_card':
      return m.roster_question_id_first_card({}, options);
    case 'id_twice':
      return m.roster_question_id_twice({ row: detail }, options);
    case 'id_of_another': {
      const { name, place } = Owner.parse(JSON.parse(detail));
      return m.roster_question_id_of_another({ name, door: place ? placeLabel(place, locale) : '' }, options);
    }
    case 'birth_unclear':
      return m.roster_question_birth_unclear({ value }, options);
    case 'birth_differs':
      return m.roster_question_birth_differs({ value, taken: detail }, options);
    case 'birth_before_1900':
      return m.roster_question_birth_before_1900({ value }, options);
    case 'date_ahead':
      return m.roster_question_date_ahead({ value }, options);
    case 'sex_unclear':
      return m.roster_question_sex_unclear({ value }, options);
    case 'sex_differs':
      return m.roster_question_sex_differs({ value }, options);
    case 'phone_unclear':
      return m.roster_question_phone_unclear({ value }, options);
    case 'relation_unclear':
      return m.roster_question_relation_unclear({ value }, options);
    case 'residence_unclear':
      return m.roster_question_residence_unclear({ value }, options);
    case 'residence_lives_only':
      return m.roster_question_residence_lives_only({ value }, options);
    case 'use_unclear':
      return m.roster_question_use_unclear({ value }, options);
    case 'name_missing':
      return m.roster_question_name_missing({}, options);
    case 'name_private_use':
      return m.roster_question_name_private_use({ value }, options);
    case 'name_unclear':
      return m.roster_question_name_unclear({ value }, options);
    case 'address_missing':
      return m.roster_question_address_missing({}, options);
    case 'address_unclear':
      return m.roster_question_address_unclear({ value }, options);
    case 'address_twice':
      return m.roster_question_address_twice(
        { door: placeLabel(DoorDetail.parse(JSON.parse(detail)), locale) },
        options,
      );
    case 'room_contradicts':
      return m.roster_question_room_contradicts({ value }, options);
    case 'rooms_several':
      return m.roster_question_rooms_several({ value, taken: detail }, options);
    case 'two_heads':
      return m.roster_question_two_heads({ name: detail }, options);
    case 'no_head':
      return m.roster_question_no_head({ door: placeLabel(DoorDetail.parse(JSON.parse(detail)), locale) }, options);
    case 'head_gone':
      return m.roster_question_head_gone({ name: detail }, options);
    case 'grid_differs':
      return m.roster_question_grid_differs({ value, taken: detail }, options);
    case 'grid_missing':
      return m.roster_question_grid_missing({ name: detail }, options);
    case 'sheet_hidden':
      return m.roster_question_sheet_hidden({ sheet: detail }, options);
    case 'waits_grid':
    case 'waits_left':
    case 'waits_returned':
    case 'waits_values':
      return waitingText(code, value, detail, locale);
    case 'cell_error':
      return m.roster_question_cell_error({ value }, options);
    case 'cell_error_name':
      return m.roster_question_cell_error_name({ value }, options);
    case 'cell_error_place':
      return m.roster_question_cell_error_place({ value }, options);
  }
}
