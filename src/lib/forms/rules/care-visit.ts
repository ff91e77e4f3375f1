/** What a definition cannot say of a care visit. */
import type { Finding, FormContext } from '../finding';
import { checkVisitedAt } from './visited-at';

/** Warnings only, beside `visitedAt`: the definition holds the rest. */
export function checkCareVisit(
  body: Record<string, unknown>,
  context: FormContext,
): { problems: Finding[]; warnings: Finding[] } {
  const { problems, warnings } = checkVisitedAt(body, context);
  const services = Array.isArray(body['services']) ? body['services'] : [];
  const codes = services.map((service: { code?: unknown } | null) => service?.code);
  const repeated = codes.findIndex((code, index) => codes.indexOf(code) !== index);
  if (repeated >= 0) problems.push({ path: ['services', repeated, 'code'], code: 'twice' });
  return { problems, warnings };
}
