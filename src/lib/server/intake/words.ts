/** Problems as they are kept and told: in words for the worker, short, and without a whole identity number (SCO-7). */
import type { Problem } from '../../sync/protocol';
import words from '../../../../messages/zh-CN/problems.json' with { type: 'json' };
import { maskNumbersIn } from '../../domain/identity-number';

const catalogue = new Map<string, string>(Object.entries(words));
/** A record with a thousand faults is not mended by reading a thousand lines. */
const atMost = 100;
const longestStep = 60;

export function worded(problems: readonly Problem[]): Problem[] {
  return problems.slice(0, atMost).map(({ path, code, params }) => {
    const told = params && masked(params);
    return {
      path: path.map((step) => (typeof step === 'string' ? maskNumbersIn(step.slice(0, longestStep)) : step)),
      code,
      message: wordsOf(code, told ?? {}),
      ...(told && { params: told }),
    };
  });
}

function wordsOf(code: string, params: Record<string, string | number>): string {
  const text = catalogue.get(`problem_${code.replaceAll('-', '_')}`) ?? catalogue.get('problem_internal') ?? code;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

function masked(params: Record<string, string | number>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? maskNumbersIn(value) : value]),
  );
}
