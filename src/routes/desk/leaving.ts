/** The way out of a page that something is written into: the next page takes its place once that can be read, and not before. */
import type { BeforeNavigate } from '@sveltejs/kit';
import { beforeNavigate } from '$app/navigation';
import type { DeviceWorld } from '$lib/device/world';
import { readable, type Trouble } from './deciding';

/**
 * For the frame of the desk. What breaks while the next page is read would stand in the place of this one, and what is written here would be
 * gone with it: `told` says what is in the way, and the page stays. What goes by code asked beforehand, or is done already.
 */
export function askBeforeLeaving(world: DeviceWorld, told: (trouble: Trouble) => void): void {
  let last: BeforeNavigate | null = null;
  let free = '';
  beforeNavigate((way) => {
    const { from, to, willUnload, type } = way;
    if (willUnload || type === 'goto' || !from || !to?.route.id?.startsWith('/desk')) return;
    const isFree = to.url.href === free;
    free = '';
    if (isFree || partOf(from.url) === partOf(to.url) || !isWritten()) return;
    way.cancel();
    last = way;
    void readable(world, to.url).then((trouble) => {
      // Of two ways that were pressed it is the later one.
      if (last !== way) return;
      if (trouble) return told(trouble);
      free = to.url.href;
      pressAgain(way);
    });
  });
}

/** What the office is asked for: not the place in the page. */
const partOf = ({ pathname, search }: URL) => pathname + search;

/** Something stands in a form otherwise than the page gave it. A value that came after the page itself counts: it may be somebody's words. */
function isWritten(): boolean {
  const fields = [...document.querySelectorAll('form[method="post" i] :is(input, textarea, select)')];
  return fields.some((field) => {
    if (field instanceof HTMLSelectElement)
      return [...field.options].some((one) => one.selected !== one.defaultSelected);
    if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
    return (
      field instanceof HTMLInputElement &&
      (field.value !== field.defaultValue || field.checked !== field.defaultChecked)
    );
  });
}

/** As it was pressed, with all that the link, the form or the browser's own button says of it. */
function pressAgain(way: BeforeNavigate): void {
  if (way.type === 'popstate') return history.go(way.delta);
  if (way.type !== 'link' && way.type !== 'form') return;
  const { target } = way.event;
  if (!(target instanceof Element)) return;
  if (way.type === 'link') target.closest('a')?.click();
  else target.closest('form')?.requestSubmit(way.event.submitter);
}
