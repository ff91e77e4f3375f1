/** The field's four measures, in the order in which a gap is worked on: 区不漏房、房不漏户、户不漏人、人不漏项. */
import * as m from '$lib/paraglide/messages';

export const figures = [
  { id: 'doors', title: m.desk_figure_doors, unit: m.desk_figure_doors_unit },
  { id: 'households', title: m.desk_figure_households, unit: m.desk_figure_households_unit },
  { id: 'people', title: m.desk_figure_people, unit: m.desk_figure_people_unit },
  { id: 'items', title: m.desk_figure_items, unit: m.desk_figure_items_unit },
] as const;
export type FigureId = (typeof figures)[number]['id'];
export const isFigure = (text: string | null): text is FigureId => figures.some(({ id }) => id === text);
