/** What is wrong, or asked once, in the language shown: the words that stand for the codes of the forms' rules. */
import * as m from '$lib/paraglide/messages';
import type { Problem } from '$lib/sync/protocol';

type Params = Record<string, string | number>;
type Words = Record<string, (params: Params) => string>;

const problems: Words = {
  required: () => m.problem_required(),
  not_relevant: () => m.problem_not_relevant(),
  group_expected: () => m.problem_group_expected(),
  list_expected: () => m.problem_list_expected(),
  text_expected: () => m.problem_text_expected(),
  text: () => m.problem_text(),
  too_long: ({ max, length }) => m.problem_too_long({ max: max ?? '', length: length ?? '' }),
  too_many: ({ max }) => m.problem_too_many({ max: max ?? '' }),
  twice: () => m.problem_twice(),
  code: () => m.problem_code(),
  yes_no: () => m.problem_yes_no(),
  whole_number: () => m.problem_whole_number(),
  range: ({ min, max }) => m.problem_range({ min: min ?? '', max: max ?? '' }),
  day: () => m.problem_day(),
  part_date: () => m.problem_part_date(),
  time: () => m.problem_time(),
  phone: () => m.problem_phone(),
  reference: () => m.problem_reference(),
  name_empty: () => m.problem_name_empty(),
  name_long: () => m.problem_name_long(),
  name_private_use: () => m.problem_name_private_use(),
  name_characters: () => m.problem_name_characters(),
  id_length: ({ length }) => m.problem_id_length({ length: length ?? '' }),
  id_characters: () => m.problem_id_characters(),
  id_checksum: () => m.problem_id_checksum(),
  id_date: ({ date }) => m.problem_id_date({ date: date ?? '' }),
  id_first_card: ({ proposed }) => m.problem_id_first_card({ proposed: proposed ?? '' }),
  id_birth_date: ({ inNumber, registered }) =>
    m.problem_id_birth_date({ inNumber: inNumber ?? '', registered: registered ?? '' }),
  id_by_telephone: () => m.problem_id_by_telephone(),
  id_not_theirs: () => m.problem_id_not_theirs(),
  document_number: () => m.problem_document_number(),
  birth_in_future: () => m.problem_birth_in_future(),
  birth_before_1900: () => m.problem_birth_before_1900(),
  visited_after_recorded: () => m.problem_visited_after_recorded(),
  notice_not_given: () => m.problem_notice_not_given(),
  use_of_lived_in: () => m.problem_use_of_lived_in(),
  vacant_but_registered: () => m.problem_vacant_but_registered(),
  resident_not_accounted_for: ({ name }) => m.problem_resident_not_accounted_for({ name: name ?? '' }),
  nobody_listed: () => m.problem_nobody_listed(),
  resident_listed_twice: () => m.problem_resident_listed_twice(),
  resident_not_registered: () => m.problem_resident_not_registered(),
  unchanged_with_fields: () => m.problem_unchanged_with_fields(),
  corrected_without_change: () => m.problem_corrected_without_change(),
  two_heads: () => m.problem_two_heads(),
  no_head: () => m.problem_no_head(),
  head_mismatch: () => m.problem_head_mismatch(),
  relation_asked_again: ({ name }) => m.problem_relation_asked_again({ name: name ?? '' }),
  address_incomplete: () => m.problem_address_incomplete(),
  digest: () => m.problem_digest(),
  shape: () => m.problem_shape(),
  size: () => m.problem_size(),
  author: () => m.problem_author(),
  target: () => m.problem_target(),
  target_type: () => m.problem_target_type(),
  kind_unknown: () => m.problem_kind_unknown(),
  form_unknown: () => m.problem_form_unknown(),
  duplicate_revision: () => m.problem_duplicate_revision(),
  id_taken: () => m.problem_id_taken(),
  id_none_with_number: () => m.problem_id_none_with_number(),
  id_not_new: () => m.problem_id_not_new(),
  household_listed_twice: () => m.problem_household_listed_twice(),
  collective_head: () => m.problem_collective_head(),
  not_theirs_to_tell: () => m.problem_not_theirs_to_tell(),
  date_in_future: () => m.problem_date_in_future(),
  presence_of_newcomer: () => m.problem_presence_of_newcomer(),
  id_twice: () => m.problem_id_twice(),
  internal: () => m.problem_internal(),
};

const warnings: Words = {
  visited_long_ago: () => m.warning_visited_long_ago(),
  informant_under_18: () => m.warning_informant_under_18(),
  id_sex: () => m.warning_id_sex(),
  id_province: () => m.warning_id_province(),
  very_old: () => m.warning_very_old(),
  not_theirs_to_tell: () => m.warning_not_theirs_to_tell(),
  missing_with_value: () => m.warning_missing_with_value(),
  next_visit_past: () => m.warning_next_visit_past(),
  nobody_registered: () => m.warning_nobody_registered(),
  people_without_door: ({ names, count }) =>
    m.warning_people_without_door({
      names: String(names ?? '')
        .split('、')
        .join(m.field_name_comma()),
      count: count ?? '',
    }),
  another_person: () => m.warning_another_person(),
};

/** A code that this version does not know is said by the words that came with it, else plainly. */
export function problemWords(problem: Problem | undefined): string {
  return words(problems, problem);
}

export function warningWords(warning: Problem | undefined): string {
  return words(warnings, warning);
}

function words(known: Words, problem: Problem | undefined): string {
  if (!problem) return '';
  const say = known[problem.code.replaceAll('-', '_')];
  return say ? say(problem.params ?? {}) : problem.message || m.field_problem_unknown();
}
