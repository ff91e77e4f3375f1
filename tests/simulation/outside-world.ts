/**
 * What phones and office take from the machine without asking for it – IndexedDB, channels between tabs, digests, compression, turns of the
 * event loop, further programs – comes from the simulated world wherever a simulated life asks. Everybody else gets the real thing.
 * To be imported before anything of the product.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { IDBCursor, IDBKeyRange } from 'fake-indexeddb';
import type { Disk } from './disk';
import { type Life, lifeHere } from './life';
import type { Channels } from './tabs-of-a-browser';

/** What stands behind the globals of one tab. */
export type Browser = { disk: Disk; channels: Channels };
const browsers = new Map<string, Browser>();

/** The browser of the tab whose code runs. */
function browserHere(): Browser | undefined {
  const life = lifeHere();
  return life?.kind === 'tab' ? browsers.get(browserKey(life)) : undefined;
}

const worlds = new WeakMap<object, number>();
let worldCount = 0;
function browserKey({ clockwork, device }: { clockwork: object; device: number }): string {
  let world = worlds.get(clockwork);
  if (world === undefined) worlds.set(clockwork, (world = worldCount += 1));
  return `${world} ${device}`;
}

/** Says what browser a phone has; the returned function forgets it. */
export function lendBrowser(phone: { clockwork: object; device: number }, browser: Browser): () => void {
  const key = browserKey(phone);
  browsers.set(key, browser);
  return () => browsers.delete(key);
}

function needed(): Browser {
  const browser = browserHere();
  if (!browser) throw new Error('IndexedDB was asked for outside of a simulated tab');
  return browser;
}

const indexedDB = {
  open: (name: string, version?: number) => needed().disk.open(name, version),
  deleteDatabase: (name: string) => needed().disk.factory.deleteDatabase(name),
  databases: () => needed().disk.factory.databases(),
  cmp: (one: unknown, other: unknown) => needed().disk.factory.cmp(one, other),
};

const NativeChannel = globalThis.BroadcastChannel;
/** Dexie opens a channel of its own when it is loaded: that one is nobody's. */
const RoutedChannel = new Proxy(NativeChannel, {
  construct(target, [name]: [string]) {
    return browserHere()?.channels.open(name) ?? new target(name);
  },
});

const nativeImmediate = globalThis.setImmediate;
const nativeTimeout = globalThis.setTimeout;

function setImmediateRouted(task: (...values: unknown[]) => void, ...values: unknown[]): unknown {
  const life = lifeHere();
  if (life?.kind !== 'tab') return nativeImmediate(task, ...values);
  life.clockwork.post(life, 'disk', () => task(...values), `disk ${life.device}`);
  return undefined;
}

function setTimeoutRouted(task: (...values: unknown[]) => void, milliseconds = 0, ...values: unknown[]): unknown {
  const life = lifeHere();
  if (life?.kind !== 'tab') return nativeTimeout(task, milliseconds, ...values);
  life.clockwork.later(life, milliseconds, 'timeout', () => task(...values));
  return undefined;
}

/** Calls of the thread pool that answer with a promise. */
function letInPromises(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const real: unknown = Reflect.get(owner, name);
    if (typeof real !== 'function') throw new Error(`there is no ${name}`);
    const routed = (...values: unknown[]) => {
      const start = (): Promise<unknown> => Reflect.apply(real, owner, values);
      const life = lifeHere();
      return life ? life.clockwork.outside(name, start) : start();
    };
    Object.defineProperty(owner, name, { value: routed, configurable: true, writable: true });
  }
}

/** Calls of the thread pool that answer by a callback, given last. */
function letInCallbacks(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const real: unknown = Reflect.get(owner, name);
    if (typeof real !== 'function') throw new Error(`there is no ${name}`);
    const routed = (...values: unknown[]) => {
      const life = lifeHere();
      const answer: unknown = values.at(-1);
      if (!life || typeof answer !== 'function') return Reflect.apply(real, owner, values);
      const start = () =>
        new Promise<unknown[]>((resolve) => {
          Reflect.apply(real, owner, [...values.slice(0, -1), (...answered: unknown[]) => resolve(answered)]);
        });
      void life.clockwork.outside(name, start).then((answered) => Reflect.apply(answer, undefined, answered));
      return undefined;
    };
    Object.defineProperty(owner, name, { value: routed, configurable: true, writable: true });
  }
}

Object.assign(globalThis, {
  indexedDB,
  IDBKeyRange,
  IDBCursor,
  BroadcastChannel: RoutedChannel,
  setImmediate: setImmediateRouted,
  setTimeout: setTimeoutRouted,
});
/** What a simulated life says is heard by the simulation and stands in nobody's terminal. */
const nativeWrite: unknown = process.stdout.write;
Reflect.set(process.stdout, 'write', (...values: unknown[]) => {
  const life = lifeHere();
  if (!life && typeof nativeWrite === 'function') return Reflect.apply(nativeWrite, process.stdout, values);
  life?.said(String(values[0]).trim());
  return true;
});
for (const name of ['error', 'warn'] as const) {
  const native = console[name].bind(console);
  console[name] = (...values: unknown[]) => {
    const life = lifeHere();
    if (life) life.said(values.map(String).join(' '));
    else native(...values);
  };
}

letInPromises(crypto.subtle, [
  'digest',
  'encrypt',
  'decrypt',
  'importKey',
  'deriveBits',
  'deriveKey',
  'exportKey',
  'generateKey',
  'sign',
]);
letInCallbacks(createRequire(import.meta.url)('node:zlib'), ['gunzip', 'gzip', 'brotliCompress']);

/** A program that the office starts, as it is told on the command line. */
type Start = (args: readonly string[]) => unknown;
const programs = new WeakMap<Life, Start>();

/** Says what becomes of the programs that a process of the office starts. */
export function lendPrograms(life: Life, start: Start): void {
  programs.set(life, start);
}

const childProcess: object = createRequire(import.meta.url)('node:child_process');
const nativeSpawn: unknown = Reflect.get(childProcess, 'spawn');
Reflect.set(childProcess, 'spawn', (...values: [string, readonly string[]]) => {
  const life = lifeHere();
  const start = life && programs.get(life);
  if (start) return start(values[1]);
  if (life || typeof nativeSpawn !== 'function') throw new Error('a simulated life starts no program of the machine');
  return Reflect.apply(nativeSpawn, childProcess, values);
});
syncBuiltinESMExports();
