/** An answer as JSON text: bodies stand in the feeds as JSON text already and go out as they are. */
import type { SyncResponse } from '../../sync/protocol';
import type { ToldChange, ToldFeed } from '../feeds/pull';

export function render(head: Omit<SyncResponse, 'feeds'>, feeds: readonly ToldFeed[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"feeds":[${feeds.map(feedText).join(',')}]}`;
}

function feedText({ id, version, more, reset, changes }: ToldFeed): string {
  const head = JSON.stringify({ id, version, more, ...(reset && { reset }) });
  return `${head.slice(0, -1)},"changes":[${changes.map(changeText).join(',')}]}`;
}

function changeText({ type, id, version, body }: ToldChange): string {
  const head = JSON.stringify({ type, id, version });
  return `${head.slice(0, -1)},${body === null ? '"gone":true' : `"body":${body}`}}`;
}
