/** The queue's views, in the order of their chips. */
import * as m from '$lib/paraglide/messages';

export const shows = [
  { id: 'waiting', title: m.desk_show_waiting },
  { id: 'same', title: m.desk_show_same },
  { id: 'changed', title: m.desk_show_changed },
  { id: 'conflict', title: m.merge_show_conflict },
  { id: 'stale', title: m.desk_show_stale },
  { id: 'returned', title: m.desk_show_returned },
  { id: 'attempts', title: m.desk_show_attempts },
  { id: 'decided', title: m.desk_show_decided },
] as const;
export type Show = (typeof shows)[number]['id'];
export const isShow = (text: string | null): text is Show => shows.some(({ id }) => id === text);
