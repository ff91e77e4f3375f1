/** The way out of a page that something is written into: the next page takes its place once that can be read, and not before. */
import type { BeforeNavigate } from '@sveltejs/kit';
import { beforeNavigate, preloadData } from '$app/navigation';
import { page } from '$app/state';
import type { DeviceWorld } from '$lib/device/world';
import { readable, type Trouble } from './deciding';

/**
 * For the frame of the desk. What breaks while the next page is read would stand in the place of this one, and what is written here would be
 * gone with it: `told` says what is in the way, and the page stays. What goes by code asked beforehand, or is done already.
 */
export function askBeforeLeaving(world: DeviceWorld, isWritten: () => boolean, told: (trouble: Trouble) => void): void {
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
    void inTheWay(world, to.url).then((trouble) => {
      // Of two ways that were pressed it is the later one.
      if (last !== way) return;
      if (trouble) {
        told(trouble);
        return takeBack(way);
      }
      free = to.url.href;
      pressAgain(way);
    });
  });
}

/** What the office is asked for: not the place in the page. */
const partOf = ({ pathname, search }: URL) => pathname + search;

/**
 * What is in the way of the next page. It is read once: what is had beforehand is what the page is made of, and a look that the office notes is
 * noted once.
 */
async function inTheWay(world: DeviceWorld, url: URL): Promise<Trouble | null> {
  const ahead = await preloadData(url.href);
  // What could not be read comes as the data of the page that is there.
  const isRead = ahead.type === 'loaded' && ahead.status < 400 && ahead.data !== page.data;
  return isRead ? null : readable(world, url);
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

/** What was chosen to get there: the page goes on showing what it is a page of. */
function takeBack(way: BeforeNavigate): void {
  if (way.type === 'form' && way.event.target instanceof HTMLFormElement) way.event.target.reset();
}
