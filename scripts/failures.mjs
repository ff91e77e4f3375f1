/** Which tests failed, by name and reason, out of the reports that the runners write: told last, where nobody has to look for them. */

/**
 * The first line of the reason, and with a step that ran out of time what it waited for, which its first line does not say.
 * @param {string | undefined} text As the runners write it, with the colours of a terminal.
 */
const reasonOf = (text) => {
  const lines = (text ?? '').replaceAll(/\u001b\[[\d;]*m/g, '').split('\n');
  const waited = lines.find((line) => /^\s*- waiting for /.test(line));
  return [lines[0], waited]
    .map((line) => line?.replace(/^\s*- /, '').trim())
    .filter(Boolean)
    .join(' ');
};

/** @param {string} file @param {string} name @param {string | undefined} reason */
const line = (file, name, reason) => [file, name, reasonOf(reason)].filter(Boolean).join(' – ');

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
