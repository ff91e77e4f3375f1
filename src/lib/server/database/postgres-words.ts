/** PostgreSQL's own words for Kysely, where they differ from the usual. */
import {
  type DataTypeNode,
  type DatabaseIntrospector,
  type DatabaseMetadataOptions,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type TableMetadata,
} from 'kysely';
import type { Words } from './kysely-over';

export const postgresWords: Words = {
  createAdapter: () => new OneMigratorAdapter(),
  createIntrospector: (db) => new OwnSchemaIntrospector(db),
  createQueryCompiler: () => new BytewiseCompiler(),
};

/** Any number that no other program on the same database is likely to choose. */
const migrationLock = 7_130_420_799;

/** Migrations run in the transaction that they are handed: its lock goes with it, however it ends. */
class OneMigratorAdapter extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`SELECT set_config('lock_timeout', '10min', true), pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(
      db,
    );
  }
  override async releaseMigrationLock(): Promise<void> {}
}

/** The tables of the schema that ours are in; other programs may have theirs in the same database. */
class OwnSchemaIntrospector implements DatabaseIntrospector {
  readonly #all: PostgresIntrospector;
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    this.#all = new PostgresIntrospector(db);
    this.#db = db;
  }

  getSchemas() {
    return this.#all.getSchemas();
  }

  async getTables(options?: DatabaseMetadataOptions): Promise<TableMetadata[]> {
    const { rows } = await sql<{ own: string | null }>`SELECT current_schema() AS own`.execute(this.#db);
    const tables = await this.#all.getTables(options);
    return tables.filter(({ schema }) => schema === rows[0]?.own);
  }
}

/** Text is compared byte by byte whatever the database's language is: as SQLite does, and as JavaScript sorts ids. */
class BytewiseCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (node.dataType === 'text' && this.parentNode?.kind === 'ColumnDefinitionNode') this.append(' collate "C"');
  }
}
