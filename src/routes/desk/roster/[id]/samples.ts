/** What a column holds, shown by example: a whole identity number stands masked, whatever the column was taken for. */
import { maskIdentityNumber, mendIdentityNumber } from '$lib/domain/identity-number';
import type { RosterSummary } from '$lib/server/roster/summary';

type Sheet = RosterSummary['sheets'][number];

export function withMaskedSamples(sheet: Sheet): Sheet {
  return {
    ...sheet,
    columns: sheet.columns.map((column) => ({
      ...column,
      samples: column.samples.map((sample) =>
        column.meaning === 'idNumber' || /^\d{14,17}[\dX]$/.test(mendIdentityNumber(sample))
          ? maskIdentityNumber(sample)
          : sample,
      ),
    })),
  };
}
