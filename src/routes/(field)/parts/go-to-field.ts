/** Puts a field in hand by its name: focused, in the middle of the screen. */
export function goTo(name: string): void {
  const found = [...document.querySelectorAll<HTMLElement>('[data-field]')].find(
    (one) => one.dataset['field'] === name,
  );
  const control = found?.matches('input, textarea') ? found : found?.querySelector<HTMLElement>('input, textarea');
  control?.focus({ preventScroll: true });
  found?.scrollIntoView({ block: 'center' });
}
