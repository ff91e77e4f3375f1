/** How the review screen names a dwelling, a household or a person of a submission. */
import * as m from '$lib/paraglide/messages';
import { codeWord, fieldWord } from '../words';
import type { Group } from './view';

export function groupTitle({ entity, name }: Group): string {
  if (name) return entity === 'household' ? m.desk_household_of({ name }) : name;
  if (entity === 'dwelling') return m.desk_the_dwelling();
  if (entity === 'household') return m.desk_the_household();
  return entity === 'resident' ? m.desk_someone() : m.desk_the_form();
}

/** Relation and age: 子 · 27 岁. */
export function groupNote({ relation, age, entity }: Group): string {
  const parts: string[] = [];
  if (entity === 'resident' && relation) parts.push(codeWord('relation', relation));
  if (age !== null) parts.push(m.desk_age({ age }));
  return parts.join(' · ');
}

/** What a group of the whole form stands under: a person by name, anything else by its label and, where it has one, a name. */
export function answerTitle(of: string, name: string): string {
  if (name && ['households', 'residents'].includes(of)) return name;
  return [of ? fieldWord(of) : m.desk_the_form(), name].filter(Boolean).join(' · ');
}
