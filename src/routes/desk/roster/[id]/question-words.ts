/** A question of a roster in the reader's language; the row keeps it in Chinese. */
import type { Locale } from '$lib/domain/codes/codes';
import * as m from '$lib/paraglide/messages';
import { questionText, type QuestionCode } from '$lib/server/roster/questions';
import type { RosterSummary } from '$lib/server/roster/summary';

type Question = RosterSummary['questions'][number];

export function inLanguage(question: Question, locale: Locale): Question {
  const { code } = question;
  return isKnown(code) ? { ...question, message: questionText({ ...question, code }, locale) } : question;
}

/** Every code that a question can have has its sentence in the catalogue. */
function isKnown(code: string): code is QuestionCode {
  return Reflect.has(m, `roster_question_${code}`);
}
