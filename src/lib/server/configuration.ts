/** What the person who runs the office sets from outside: environment variables, checked once at the start. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { World } from '../domain/world';
import { makeFolder } from './database/folder';
import { isPostgres } from './database/place';

export type Configuration = {
  host: string;
  port: number;
  /** Where browsers reach the office, without a slash at the end. */
  origin: string;
  /** Absolute path of the folder that holds the database, files and made secrets. */
  dataDir: string;
  /** Where the office's data is: path of a SQLite file in `dataDir`, or a `postgres://` address. */
  database: string;
  /** Null: made once and kept, in `dataDir` beside SQLite (`authSecret`), in the database where that is PostgreSQL (`openOffice`). */
  authSecret: string | null;
  /** What Prometheus has to know to read `/metrics`; null: it is not served. */
  metricsToken: string | null;
  /** Milliseconds since 1970 at which a demo's clock starts; null: the machine's own. */
  demoNow: number | null;
};

/** A setting that cannot be used; the message is for the person who set it. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** Reads `HOST`, `PORT`, `ORIGIN`, `DATA_DIR`, `AUTH_SECRET`, `DATABASE_URL`, `METRICS_TOKEN` and `DEMO_NOW`. Empty counts as not set. Throws a ConfigurationError. */
export function readConfiguration(env: Record<string, string | undefined>): Configuration {
  const host = env.HOST || '127.0.0.1';
  const port = readPort(env.PORT || '4173');
  const dataDir = resolve(env.DATA_DIR || './data');
  return {
    host,
    port,
    origin: readOrigin(env.ORIGIN || `http://${host.includes(':') ? `[${host}]` : host}:${port}`),
    dataDir,
    database: readDatabase(env.DATABASE_URL) ?? join(dataDir, 'qiaomen.sqlite'),
    authSecret: readSecret(env.AUTH_SECRET),
    metricsToken: readMetricsToken(env.METRICS_TOKEN),
    demoNow: readDemoNow(env.DEMO_NOW),
  };
}

/** `AUTH_SECRET`, or one made on the first call and kept in `DATA_DIR`, so that a restart ends no session. */
export function authSecret(configuration: Configuration, world: World): string {
  if (configuration.authSecret !== null) return configuration.authSecret;
  makeFolder(configuration.dataDir);
  const file = join(configuration.dataDir, 'auth-secret');
  try {
    writeFileSync(file, Buffer.from(world.randomBytes(32)).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  chmodSync(file, 0o600);
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < 32) throw new ConfigurationError(`${file} is damaged: remove it, and everybody signs in again.`);
  return secret;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new ConfigurationError(`PORT must be 0 to 65535, not "${text}".`);
  return port;
}

function readMetricsToken(text: string | undefined): string | null {
  if (!text) return null;
  if (!/^[\x21-\x7e]{16,}$/.test(text)) {
    throw new ConfigurationError('METRICS_TOKEN must have 16 characters or more, without spaces.');
  }
  return text;
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    throw new ConfigurationError(`ORIGIN must be an address such as https://qiaomen.example, not "${text}".`);
  }
  return url.origin;
}

function readDatabase(text: string | undefined): string | null {
  if (!text) return null;
  const url = isPostgres(text) && URL.canParse(text) ? new URL(text) : null;
  if (!url || url.pathname.length < 2) {
    // Never quoted: there may be a password in it.
    throw new ConfigurationError(
      'DATABASE_URL must be an address such as postgres://user:password@host:5432/qiaomen. Leave it out to keep the data in SQLite in DATA_DIR.',
    );
  }
  return text;
}

function readSecret(text: string | undefined): string | null {
  if (!text) return null;
  if (text.length < 32) throw new ConfigurationError('AUTH_SECRET must have 32 characters or more.');
  return text;
}

function readDemoNow(text: string | undefined): number | null {
  if (!text) return null;
  if (!z.iso.datetime({ offset: true }).safeParse(text).success) {
    throw new ConfigurationError(`DEMO_NOW must be RFC 3339 such as 2026-11-23T09:00:00+08:00, not "${text}".`);
  }
  return Date.parse(text);
}
