/** The way back: a tap on the head's arrow goes back where the last screen was the one above, and replaces this one where it was not. */
import { goto } from '$app/navigation';

const KEY = 'qiaomen-trail';

/** Remembers which screen stands at this place of the browser's history. Addresses hold ids only. */
export function rememberPlace(pathname: string): void {
  const index = historyIndex();
  if (index === null) return;
  const trail = read();
  trail[index] = pathname;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trail));
  } catch {
    // Without the trail the arrow still leads up.
  }
}

/** Leads to `href`, so that the phone's own back button afterwards does what one expects. */
export function goUp(href: string): void {
  const index = historyIndex();
  if (index !== null && index > 0 && read()[index - 1] === href) history.back();
  else void goto(href, { replaceState: true });
}

function historyIndex(): number | null {
  const state: unknown = history.state;
  if (typeof state !== 'object' || state === null || !('sveltekit:history' in state)) return null;
  const index = state['sveltekit:history'];
  return typeof index === 'number' ? index : null;
}

function read(): Record<number, string> {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
