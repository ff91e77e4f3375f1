/** The bench's end of the office: answers over IPC, never over the counted wire. */
import { BenchOffice, password, username } from './bench-office';

let office: BenchOffice | null = null;

type Call = { n: number; name: string; args: unknown[] };
type Opening = { environment: Record<string, string>; items: number; seed: number };

async function answer({ name, args }: Call): Promise<unknown> {
  const [first, second] = args;
  if (name === 'open') {
    const { environment, items, seed } = first as Opening;
    office = await BenchOffice.open(environment, items, seed);
    return { accountId: office.accountId, username, password };
  }
  if (!office) throw new Error('not open');
  switch (name) {
    case 'change':
      return office.change(Number(first));
    case 'sent':
      return office.sent(first as string[]);
    case 'phones':
      return office.phones(Number(first));
    case 'coordinator':
      return office.coordinator();
    case 'growFeed':
      return office.growFeed(Number(first));
    case 'versions':
      return office.versions();
    case 'touch':
      return office.touch(first as `grid/${string}`, Number(second));
    case 'growQueue':
      return office.growQueue(Number(first));
    default:
      throw new Error(`no call ${name}`);
  }
}

process.on('message', (call: Call) => {
  void answer(call).then(
    (result) => process.send?.({ n: call.n, result: result ?? null }),
    (error: unknown) => process.send?.({ n: call.n, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('disconnect', () => void (office?.close() ?? Promise.resolve()).then(() => process.exit()));
