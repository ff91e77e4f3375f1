/** Types of data.mjs, as far as the office's side of the bench asks for them. */
export type Json = Record<string, unknown>;
export type Item = {
  id: string;
  type: string;
  grid: string;
  building: string;
  version: number;
  updatedAt: number;
  body: Json;
};
export type HarnessHousehold = Json & { id: string; residents: (Json & { id: string })[] };
export type HarnessDoor = Omit<Item, 'body'> & { body: Json & { id: string; households: HarnessHousehold[] } };

export const BUILDING_SIZE: number;
export const SEED: number;
export function register(n: number, seed?: number): Item[];
export function doors(items: readonly Item[]): HarnessDoor[];
export function changed(item: Item, k: number, seed?: number): Item;
export function changedIndexes(n: number, count: number): number[];
