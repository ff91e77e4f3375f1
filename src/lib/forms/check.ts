/** One check for a body, the same on the phone and at the office: what stops it (problems), and what it asks once (warnings). */
import type { Problem } from '../sync/protocol';
import { asRecord } from '../domain/json';
import type { FormDefinition } from './definition';
import type { Finding, FormContext } from './finding';
import { checkCareVisit } from './rules/care-visit';
import { checkVerification } from './rules/verification';
import { bodySchema } from './schema';
import { unsafeTexts } from './text-safety';

export type FormCheck = { problems: Problem[]; warnings: Problem[] };

/**
 * Checks any JSON value as a body of a form. Never throws. `message` is left empty: screens and the office find the words by
 * `code` (`problem_<code>`, `warning_<code>`).
 */
export function checkBody(definition: FormDefinition, body: unknown, context: FormContext): FormCheck {
  const record = asRecord(body);
  if (!record) return { problems: [asProblem({ path: [], code: 'group_expected' })], warnings: [] };
  const unsafe = unsafeTexts(record);
  if (unsafe.length > 0) return { problems: unsafe.map((path) => asProblem({ path, code: 'text' })), warnings: [] };

  const parsed = bodySchema(definition).safeParse(record);
  const shape = parsed.success ? [] : parsed.error.issues.map(toFinding);
  const rules = checkRules(definition, record, context);
  const shapePaths = new Set(shape.map(({ path }) => path.join('/')));
  const problems = [...shape, ...rules.problems.filter(({ path }) => !shapePaths.has(path.join('/')))];
  return { problems: firstOf(problems), warnings: firstOf(rules.warnings) };
}

function checkRules(
  definition: FormDefinition,
  body: Record<string, unknown>,
  context: FormContext,
): { problems: Finding[]; warnings: Finding[] } {
  switch (definition.id) {
    case 'household-verification':
      return checkVerification(body, context);
    case 'care-visit':
      return checkCareVisit(body, context);
    default:
      return { problems: [], warnings: [] };
  }
}

function toFinding(issue: { path: PropertyKey[]; message: string; params?: unknown }): Finding {
  const params = asRecord(issue.params) as Record<string, string | number> | null;
  return {
    path: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    code: issue.message,
    ...(params ? { params } : {}),
  };
}

/** As many as a person could mend; a broken body of a thousand people makes no answer of megabytes. */
function firstOf(findings: Finding[]): Problem[] {
  return findings.slice(0, 100).map(asProblem);
}

function asProblem(finding: Finding): Problem {
  return { ...finding, message: '' };
}
