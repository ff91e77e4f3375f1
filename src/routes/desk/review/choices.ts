/** Choosing by key: the question at hand is the one that has the focus, else the first that nobody answered. */

const radios = 'input[type="radio"][name^="choice:"]';

/** Presses the side of the question at hand, and goes on to the next that is open. */
export function choose(side: 'register' | 'proposal' | 'own'): void {
  const name = questionAtHand();
  if (name === null) return;
  const offered = [...document.querySelectorAll<HTMLInputElement>(radios)].filter((radio) => radio.name === name);
  const picked = offered.find(({ value }) => value === side || (side === 'register' && value.startsWith('is:')));
  if (!picked) {
    offered[0]?.focus();
    return;
  }
  picked.click();
  if (side === 'own') picked.closest('td')?.querySelector<HTMLElement>('[name^="own:"]')?.focus();
  else (firstOf(open().at(0) ?? name) ?? picked).focus();
}

function questionAtHand(): string | null {
  const active = document.activeElement;
  if (active instanceof HTMLInputElement && active.matches(radios)) return active.name;
  return open().at(0) ?? firstOf()?.name ?? null;
}

/** Names of the questions that have no answer yet. */
function open(): string[] {
  const all = [...document.querySelectorAll<HTMLInputElement>(radios)];
  const answered = new Set(all.filter(({ checked }) => checked).map(({ name }) => name));
  return [...new Set(all.map(({ name }) => name))].filter((name) => !answered.has(name));
}

function firstOf(name?: string): HTMLInputElement | null {
  const all = [...document.querySelectorAll<HTMLInputElement>(radios)];
  return all.find((radio) => name === undefined || radio.name === name) ?? null;
}
