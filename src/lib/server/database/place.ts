/** Whether a database's place is an address of PostgreSQL; else it is a file of SQLite. */
export function isPostgres(place: string): boolean {
  return /^postgres(ql)?:/.test(place);
}
