/** What tests ask of a PostgreSQL server itself: databases of their own. */
import pg from 'pg';

/** Makes an empty database, or a copy of `template`, to which nobody may be connected; answers its address. */
export async function makeDatabase(url: string, name: string, template?: string): Promise<string> {
  await onServer(url, `CREATE DATABASE "${name}"${template === undefined ? '' : ` TEMPLATE "${template}"`}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Removes a database, whoever is still connected to it. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await onServer(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

/** Such as `15.18`. */
export async function serverVersion(url: string): Promise<string> {
  const [row] = await onServer(url, 'SHOW server_version');
  return String(row?.['server_version']).split(' ')[0] ?? '';
}

async function onServer(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
