import { json } from '@sveltejs/kit';
import { version } from '$app/environment';
import { DatabaseUnavailableError } from '$lib/server/database/open';
import type { RequestHandler } from './$types';

/** For whoever watches over the office: answers 200 when the database answers, else 503. `version` is the build's. */
export const GET: RequestHandler = async ({ locals }) => {
  const { database } = locals.office;
  const about = { database: database.engine, version };
  try {
    await database.read((db) => db.selectFrom('community').select('community_id').limit(1).execute());
    return json({ status: 'ok', ...about });
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    return json({ status: 'unavailable', ...about }, { status: 503 });
  }
};
