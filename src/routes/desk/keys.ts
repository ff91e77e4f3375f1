/**
 * What can be done to a thing at the desk, as data: the same entry makes the button, the key and the line in the list of all keys.
 * Without scripts the buttons and links work alone.
 */
export type DeskAction = {
  id: string;
  title: string;
  /** As `KeyboardEvent.key` says it, in lower case. */
  key: string;
  /** The action can be taken now. */
  available: boolean;
  run: () => void;
};

/** The action that this key press asks for. Typing in a field, a held modifier or an open dialog asks for none. */
export function actionFor(event: KeyboardEvent, actions: readonly DeskAction[]): DeskAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return null;
  if (isTyping(event.target)) return null;
  const key = event.key.toLowerCase();
  return actions.find((action) => action.key === key && action.available) ?? null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog')) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** What a key asks for in the words to the one who wrote a record: Ctrl (or Command) and Enter send them, Escape leaves them as they are. */
export function wordsKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'isComposing'>,
): 'send' | 'leave' | null {
  // An input method takes Enter and Escape for itself.
  if (event.isComposing) return null;
  if (event.key === 'Escape') return 'leave';
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) ? 'send' : null;
}

/** Presses what stands on the screen, so that a key does what the button does. */
export function press(id: string): void {
  const element = document.getElementById(id);
  if (element instanceof HTMLElement) element.click();
}

export function focus(id: string): void {
  document.getElementById(id)?.focus();
}
