/** A person at the desk, by the same forms that the pages send. */
import { signIn } from './sign-in';

export class DeskSession {
  readonly #address: string;
  readonly #who: { accountId: string; cookie: string };

  private constructor(address: string, who: { accountId: string; cookie: string }) {
    this.#address = address;
    this.#who = who;
  }

  static async open(address: string, username: string): Promise<DeskSession> {
    return new DeskSession(address, await signIn(address, username));
  }

  /** Answers the password that was made. */
  async resetPassword(account: string): Promise<string> {
    const data = await this.send('/desk/accounts?/password', { id: account });
    const made = data.find(
      (entry): entry is { password: number } => typeof entry === 'object' && entry !== null && 'password' in entry,
    );
    const password = made && data[made.password];
    if (typeof password !== 'string') throw new Error('no password was made');
    return password;
  }

  /** `seen`: the grids that the page showed as theirs when it was opened. */
  async setGrids(account: string, { seen, grids }: { seen: string[]; grids: string[] }): Promise<void> {
    await this.send('/desk/accounts?/grids', { id: account, seen, grids });
  }

  async endAccount(account: string): Promise<void> {
    await this.send('/desk/accounts?/end', { id: account, sure: 'on' });
  }

  async revokePhone(account: string, device: string): Promise<void> {
    await this.send(`/desk/accounts/${account}?/revoke`, { device, sure: 'on' });
  }

  async allowPhone(account: string, device: string): Promise<void> {
    await this.send(`/desk/accounts/${account}?/allow`, { device });
  }

  /** Sends a form; the action's answer as SvelteKit flattens it: a list in which objects name the places of their values. */
  async send(path: string, fields: Record<string, string | string[]>): Promise<unknown[]> {
    const form = new URLSearchParams({ account: this.#who.accountId });
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
    const answer = await fetch(this.#address + path, {
      method: 'POST',
      headers: {
        origin: this.#address,
        cookie: this.#who.cookie,
        accept: 'application/json',
        'x-sveltekit-action': 'true',
      },
      body: form,
    });
    const { type, data }: { type: string; data?: string } = await answer.json();
    if (type !== 'success') throw new Error(`${path}: ${answer.status} ${type} ${data ?? ''}`);
    const flat: unknown = JSON.parse(data ?? '[]');
    return Array.isArray(flat) ? flat : [];
  }
}
