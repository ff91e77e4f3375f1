/** What a tab's name, a title or a row in between says of the rows below it: the grid, the building. */
import { parseAddress, plainBuilding } from '../../domain/address';
import { withoutDivisions } from '../../domain/address-divisions';
import { cellText, type ReadSheet } from './cell';

export type Section = { grid?: string; compound?: string; building?: string };

const GRID = /(?:第?[\d一二三四五六七八九十]{1,3}|[\p{Script=Han}A-Za-z\d]{1,8}?)号?网格/u;
const ORDINAL_GRID = /第?[\d一二三四五六七八九十]{1,3}号?网格/;

/** The grid, compound or building that a tab is called by: `第一网格`, `网格3`, `金山花园3号楼`. */
export function sectionOfTab(name: string): Section {
  const tidy = name.normalize('NFKC').replace(/\s/g, '');
  if (/^网格\d+$/.test(tidy)) return { grid: tidy };
  const grid = ORDINAL_GRID.exec(tidy)?.[0] ?? GRID.exec(tidy)?.[0];
  if (grid) return { grid };
  return buildingSection(tidy) ?? {};
}

/** Titles above the header: `东街社区第三网格居民台账`. */
export function sectionOfTitles(sheet: ReadSheet, top: number): Section {
  for (const row of sheet.rows.slice(0, top)) {
    for (const cell of row) {
      const grid = ORDINAL_GRID.exec(cellText(cell).normalize('NFKC').replace(/\s/g, ''))?.[0];
      if (grid) return { grid };
    }
  }
  return {};
}

/** A row with one cell that names a grid or a building stands above the rows that belong to it. */
export function readSection(texts: readonly string[]): Section | null {
  const [text = ''] = texts;
  if (texts.length === 0 || texts.some((one) => one !== text) || text.length > 24) return null;
  const tidy = text
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[:：]$/, '');
  if (/网格(?:居民|人口|台账|名册|花名册|住户|情况)?(?:\(.*\))?$/.test(tidy)) {
    return {
      grid: ORDINAL_GRID.exec(tidy)?.[0] ?? GRID.exec(tidy)?.[0] ?? tidy,
      compound: undefined,
      building: undefined,
    };
  }
  return buildingSection(tidy);
}

function buildingSection(tidy: string): Section | null {
  if (!/(?:号楼|#楼?|栋|幢|座)$/.test(tidy)) return null;
  const address = parseAddress(tidy);
  if (address && address.room === '') return { compound: address.compound || undefined, building: address.building };
  return { building: plainBuilding(withoutDivisions(tidy)) };
}
