/** The databases that the office can run on: for each run a place of its own, with the community in it that every run begins with. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import type { World } from '../../src/lib/domain/world';
import { type Configuration, readConfiguration } from '../../src/lib/server/configuration';
import { openDatabase } from '../../src/lib/server/database/open';
import './outside-world';
import { chance } from './chance';
import { type Community, makeCommunity } from './community';
import type { Grain } from './gated-database';
import type { Life } from './life';
import { PostgresPlaces } from './postgres-places';

export const engineNames = ['sqlite', 'postgres'] as const;
export type EngineName = (typeof engineNames)[number];

export type Engine = {
  name: EngineName;
  /** As many processes of the office share a database. */
  processes: number;
  community: Community;
  newPlace(): Promise<Place>;
  stop(): Promise<void>;
};

export type Place = {
  configuration: Configuration;
  /** A process begins to work here. */
  begun(life: Life, grain: Grain): void;
  /** It was killed: what it had under way is taken back. */
  cut(life: Life): Promise<void>;
  remove(): Promise<void>;
};

/** 2026-11-23, a Monday, 10:00 in the community: when every story begins. */
export const START = Date.parse('2026-11-23T10:00:00+08:00');

/** Where there is memory that looks like a disk, no run waits for one. */
const memory = '/dev/shm';
export const newFolder = () => mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'qiaomen-simulation-'));

export function openEngine(name: EngineName): Promise<Engine> {
  return name === 'sqlite' ? sqlite() : postgres();
}

async function sqlite(): Promise<Engine> {
  const folder = newFolder();
  const template = readConfiguration({ DATA_DIR: folder });
  const community = await fill(template);
  return {
    name: 'sqlite',
    processes: 1,
    community,
    newPlace: () => {
      const own = newFolder();
      const configuration = readConfiguration({ DATA_DIR: own });
      copyFileSync(template.database, configuration.database);
      const remove = () => Promise.resolve(rmSync(own, { recursive: true, force: true }));
      return Promise.resolve({ configuration, begun: () => {}, cut: () => Promise.resolve(), remove });
    },
    stop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

async function postgres(): Promise<Engine> {
  const places = await PostgresPlaces.start();
  const configuration = readConfiguration({ DATABASE_URL: places.template });
  const community = await fill(configuration);
  return {
    name: 'postgres',
    processes: 2,
    community,
    newPlace: async () => {
      const place = await places.make();
      return { ...place, configuration: readConfiguration({ DATABASE_URL: place.url }) };
    },
    stop: () => places.stop(),
  };
}

/** The same ids each time: what differs between two stories is their own. */
async function fill(configuration: Configuration): Promise<Community> {
  const dice = chance('community');
  let sequence = 0;
  const world: World = {
    now: () => START,
    random: () => dice.next(),
    randomBytes: (length) => dice.bytes(length),
    uuid: () => v7({ msecs: START, seq: (sequence += 1), random: dice.bytes(16) }),
    after: () => () => {},
  };
  const database = await openDatabase(configuration.database, world);
  const community = await makeCommunity({ database, world, configuration });
  await database.close();
  return community;
}
