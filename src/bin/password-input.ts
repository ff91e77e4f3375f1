/** A password from standard input, so that it stands in no process list and no shell's history. */

/** A pipe that says nothing for so long was left open by whoever started us and holds no password. */
const silence = 3000;

/** The first line of standard input; null where it is a terminal, empty or silent. */
export function passwordFromInput(input: NodeJS.ReadStream = process.stdin): Promise<string | null> {
  if (input.isTTY) return Promise.resolve(null);
  return new Promise((resolve) => {
    let text = '';
    const end = () => {
      clearTimeout(timer);
      input.removeAllListeners();
      input.destroy();
      const [line = ''] = text.split(/\r?\n/);
      resolve(line === '' ? null : line);
    };
    const timer = setTimeout(end, silence);
    input.setEncoding('utf8');
    input.on('data', (part: string) => {
      text += part;
      clearTimeout(timer);
      if (text.includes('\n')) end();
    });
    input.on('end', end);
    input.on('error', end);
  });
}
