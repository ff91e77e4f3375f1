/** Which tests failed, by name and first line of the reason, out of the reports that the runners write: told last, where nobody has to look for them. */

/** @param {string | undefined} text Without the colours of a terminal. */
const firstLine = (text) =>
  (text ?? '')
    .replaceAll(/\u001b\[[\d;]*m/g, '')
    .split('\n')[0]
    .trim();

/** @param {string} file @param {string} name @param {string | undefined} reason */
const line = (file, name, reason) => [file, name, firstLine(reason)].filter(Boolean).join(' – ');

/**
 * @param {{ testResults?: { name: string, status?: string, message?: string,
 *   assertionResults: { fullName: string, status: string, failureMessages?: string[] }[] }[] } | null} report Vitest's JSON report.
 * @param {string} root What the names of files begin with.
 * @returns {string[]} A line each; a file that did not load has one too.
 */
export const vitestFailures = (report, root) =>
  (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(`${root}/`, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [line(file, 'could not be run', message)];
    return failed.map(({ fullName, failureMessages }) => line(file, fullName, failureMessages?.[0]));
  });

/**
 * @typedef {{ title: string, file: string, ok: boolean, tests: { results: { status: string, error?: { message?: string } }[] }[] }} Spec
 * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
 * @param {Suite | null} report Playwright's JSON report, or a suite in it.
 * @returns {string[]} A line each.
 */
export const playwrightFailures = (report) => [
  ...(report?.specs ?? [])
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) =>
      line(file, title, tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message),
    ),
  ...(report?.suites ?? []).flatMap(playwrightFailures),
];
