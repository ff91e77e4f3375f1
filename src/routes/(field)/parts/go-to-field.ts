/** Puts a field in hand by its name: focused, in the middle of the screen. False where the screen has no such field. */
export function goTo(name: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>('[data-field]')].find(
    (one) => one.dataset['field'] === name,
  );
  const control = found?.matches('input, textarea') ? found : found?.querySelector<HTMLElement>('input, textarea');
  control?.focus({ preventScroll: true });
  found?.scrollIntoView({ block: 'center' });
  return found !== undefined;
}
