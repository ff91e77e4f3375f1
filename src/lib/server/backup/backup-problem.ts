/** Why a backup cannot be made or put back; the screen or the terminal picks its words by the code. */
export type BackupCode =
  | 'no-file'
  /** A folder or a device stands where the backup should be written. */
  | 'not-a-file'
  | 'no-backup'
  | 'damaged'
  | 'newer'
  /** Whole, and its rows are not such as its tables hold. */
  | 'unfitting'
  | 'not-empty'
  | 'not-sqlite'
  | 'not-postgres';

export class BackupProblem extends Error {
  override name = 'BackupProblem';
  constructor(
    readonly code: BackupCode,
    options?: ErrorOptions,
  ) {
    super(`backup: ${code}`, options);
  }
}
