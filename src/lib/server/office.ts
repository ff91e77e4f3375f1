/** The office: its database, its world and its settings, made once a process and handed to whatever works for it. */
import type { World } from '../domain/world';
import type { Role } from '../sync/items';
import { sharedSecret } from './accounts/shared-secret';
import type { Configuration } from './configuration';
import { type Database, type Older, openDatabase } from './database/open';
import { makeWorld } from './world';

export type Office = { database: Database; world: World; configuration: Configuration };

/** Who asks: an account with a session. `grids` are those of now; what a sync may read is read again in its own snapshot. */
export type SignedIn = {
  communityId: string;
  id: string;
  username: string;
  name: string;
  role: Role;
  grids: string[];
  /** Id of the session through which the request came; the demo and programs have none. */
  session?: string;
};

/** Who asks for a sync: all that is taken from the session; what they may is read anew where it is needed. */
export type Asker = Pick<SignedIn, 'communityId' | 'id' | 'session'>;

/** Opens the database that the configuration names, as `openDatabase` does. The caller closes `office.database`. */
export async function openOffice(
  configuration: Configuration,
  world: World = makeWorld({ demoNow: configuration.demoNow }),
  older: Older = 'update',
): Promise<Office> {
  const database = await openDatabase(configuration.database, world, older);
  try {
    // Processes that share a database may have no folder in common.
    const shared = database.engine === 'postgresql' && configuration.authSecret === null;
    const authSecret = shared ? await sharedSecret(database, world) : configuration.authSecret;
    return { database, world, configuration: { ...configuration, authSecret } };
  } catch (error) {
    await database.close();
    throw error;
  }
}
