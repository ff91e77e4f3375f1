/** What the overview and the lists of gaps show. */
import type { CoverageFigure } from '../../domain/coverage';

/** `pending`: of `done`, what waits for a decision. */
export type FigureView = { of: number; done: number; pending: number };
export type AreaView = {
  id: string;
  name: string;
  figures: Record<CoverageFigure, FigureView>;
  triedEnough: number;
};
export type GridArea = AreaView & { buildings: AreaView[] };

export type OverviewView = {
  round: { id: string; name: string; kind: string; startsOn: string; closesOn: string; closed: boolean } | null;
  rounds: { id: string; name: string }[];
  total: AreaView | null;
  beside: { byTelephone: number; byOthers: number; withReason: number } | null;
  grids: GridArea[];
  waiting: { pending: number; quarantined: number; returned: number; oldest: { id: string; at: string } | null };
  /** Dwellings of the register; 0 is an office that has imported nothing yet. */
  dwellings: number;
};
