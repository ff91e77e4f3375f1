/** The office's first tables, as `tables.ts` describes them. `text?` may be null; `number` is 64 bits wide on every engine. */
import type { Kysely } from 'kysely';

type Columns = Record<string, 'text' | 'text?' | 'number'>;

export async function up(db: Kysely<unknown>): Promise<void> {
  await registerTables(db);
  await submissionTables(db);
  await feedTables(db);
  await deskTables(db);
}

async function registerTables(db: Kysely<unknown>): Promise<void> {
  await table(db, 'community', [], {
    name: 'text',
    epoch: 'text',
    time_zone: 'text',
    phone: 'text',
    location: 'number',
    created_at: 'text',
  });
  await table(db, 'account', ['id'], {
    username: 'text',
    name: 'text',
    role: 'text',
    created_at: 'text',
    ended_at: 'text?',
  });
  await index(db, 'account', ['username'], 'unique');
  // A session knows the account, not yet its community.
  await db.schema.createIndex('account_by_id').on('account').column('id').execute();
  await table(db, 'account_grid', ['account_id', 'grid_id', 'from_at'], { until_at: 'text?' });
  await index(db, 'account_grid', ['grid_id']);
  await table(db, 'grid', ['id'], { name: 'text', position: 'number' });
  await table(db, 'building', ['id'], {
    grid_id: 'text',
    compound: 'text',
    building: 'text',
    plan: 'text',
    no_door: 'text',
    access: 'text',
    version: 'number',
  });
  await index(db, 'building', ['grid_id']);
  await table(db, 'dwelling', ['id'], {
    grid_id: 'text',
    building_id: 'text',
    unit: 'text',
    floor: 'number',
    room: 'text',
    use: 'text?',
    body: 'text',
    provenance: 'text',
    version: 'number',
    retired_at: 'text?',
  });
  await index(db, 'dwelling', ['grid_id']);
  await index(db, 'dwelling', ['building_id', 'unit', 'floor', 'room']);
  await table(db, 'household', ['id'], {
    dwelling_id: 'text',
    body: 'text',
    provenance: 'text',
    version: 'number',
    ended_at: 'text?',
  });
  await index(db, 'household', ['dwelling_id', 'id']);
  await table(db, 'resident', ['id'], {
    household_id: 'text',
    dwelling_id: 'text',
    name: 'text',
    presence: 'text',
    body: 'text',
    provenance: 'text',
    suggested_care_groups: 'text',
    version: 'number',
    retired_at: 'text?',
  });
  await index(db, 'resident', ['dwelling_id', 'id']);
  await index(db, 'resident', ['household_id']);
  await table(db, 'alias', ['type', 'id'], { same_as: 'text' });
  await index(db, 'alias', ['type', 'same_as']);
  await table(db, 'register_change', ['id'], {
    entity_type: 'text',
    entity_id: 'text',
    dwelling_id: 'text',
    field: 'text',
    before: 'text',
    after: 'text',
    source: 'text',
    decision_id: 'text?',
    submission_id: 'text?',
    by_account: 'text',
    reason: 'text',
    at: 'text',
  });
  await index(db, 'register_change', ['dwelling_id', 'at']);
  await index(db, 'register_change', ['entity_type', 'entity_id', 'at']);
  await index(db, 'register_change', ['decision_id']);
  await index(db, 'register_change', ['submission_id']);
}

async function submissionTables(db: Kysely<unknown>): Promise<void> {
  await table(db, 'submission', ['id'], {
    account_id: 'text',
    kind: 'text',
    target_type: 'text',
    target_id: 'text',
    grid_id: 'text?',
    building_id: 'text?',
    dwelling_id: 'text?',
    revision: 'number',
    digest: 'text',
    review: 'text',
    outcome: 'text',
    changes: 'number',
    by_rule: 'number',
    recorded_at: 'text',
    received_at: 'text',
    decision_id: 'text?',
    decided_at: 'text?',
  });
  await index(db, 'submission', ['review', 'received_at', 'id']);
  await index(db, 'submission', ['review', 'decided_at']);
  await index(db, 'submission', ['grid_id', 'review', 'received_at']);
  await index(db, 'submission', ['building_id', 'review']);
  await index(db, 'submission', ['account_id', 'received_at']);
  await index(db, 'submission', ['dwelling_id']);
  await index(db, 'submission', ['target_id']);
  await table(db, 'revision', ['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest'], {
    device_id: 'text',
    status: 'text',
    place: 'text',
    problems: 'text',
    review: 'text',
    text: 'text',
    recorded_at: 'text',
    received_at: 'text',
    clock_offset: 'number',
  });
  await table(db, 'proposal', ['type', 'id', 'submission_id'], {
    account_id: 'text',
    dwelling_id: 'text',
    grid_id: 'text',
  });
  await index(db, 'proposal', ['submission_id']);
  await table(db, 'decision', ['id'], {
    submission_id: 'text',
    revision: 'number',
    digest: 'text',
    kind: 'text',
    previous_id: 'text?',
    review_before: 'text',
    comments: 'text',
    corrections: 'text',
    reason: 'text',
    by_account: 'text',
    by_rule: 'text',
    at: 'text',
    undone_at: 'text?',
  });
  await index(db, 'decision', ['submission_id', 'at']);
  await table(db, 'decision_effect', ['decision_id', 'entity_type', 'entity_id'], {
    before: 'text',
    version_after: 'number',
  });
  await index(db, 'decision_effect', ['entity_type', 'entity_id']);
  await table(db, 'afterwork', ['submission_id', 'kind'], { at: 'text' });
}

async function feedTables(db: Kysely<unknown>): Promise<void> {
  await table(db, 'feed', ['id'], { version: 'number' });
  await table(db, 'feed_item', ['feed_id', 'type', 'item_id'], { version: 'number', body: 'text', gone: 'number' });
  await index(db, 'feed_item', ['feed_id', 'version']);
  await index(db, 'feed_item', ['type', 'item_id']);
  await table(db, 'feed_past', ['feed_id', 'type', 'item_id', 'version'], { body: 'text' });
  await index(db, 'feed_past', ['type', 'item_id', 'version']);
}

async function deskTables(db: Kysely<unknown>): Promise<void> {
  await table(db, 'round', ['id'], {
    name: 'text',
    kind: 'text',
    starts_on: 'text',
    closes_on: 'text',
    grid_ids: 'text',
    started_at: 'text',
    closed_at: 'text?',
  });
  await table(db, 'door_state', ['round_id', 'dwelling_id'], {
    grid_id: 'text',
    building_id: 'text',
    submission_id: 'text?',
    review: 'text?',
    outcome: 'text',
    changed: 'number',
    coverage: 'text',
    verified_at: 'text?',
    attempts: 'text',
    next_visit: 'text?',
    note: 'text',
    listed: 'text',
  });
  await index(db, 'door_state', ['round_id', 'building_id']);
  await index(db, 'door_state', ['dwelling_id']);
  await table(db, 'care_plan', ['resident_id'], {
    by_accounts: 'text',
    body: 'text',
    next_on: 'text?',
    version: 'number',
  });
  await table(db, 'roster_import', ['id'], {
    file_name: 'text',
    file: 'text',
    state: 'text',
    mapping: 'text',
    summary: 'text',
    done: 'number',
    total: 'number',
    by_account: 'text',
    at: 'text',
  });
  await table(db, 'bulk_sample', ['id'], {
    by_account: 'text',
    members: 'text',
    sample: 'text',
    opened: 'text',
    at: 'text',
  });
  await table(db, 'audit', ['id'], {
    at: 'text',
    account_id: 'text',
    action: 'text',
    subject_type: 'text',
    subject_id: 'text',
  });
  await index(db, 'audit', ['at']);
  await index(db, 'audit', ['subject_type', 'subject_id', 'at']);
}

/** Every primary key begins with `community_id`, the unit of partition; the key's other columns are text, but for `revision` and `version`. */
async function table(db: Kysely<unknown>, name: string, key: string[], columns: Columns): Promise<void> {
  const keyTypes: Columns = {};
  for (const column of ['community_id', ...key]) {
    keyTypes[column] = column === 'revision' || column === 'version' ? 'number' : 'text';
  }
  let create = db.schema.createTable(name);
  for (const [column, type] of Object.entries({ ...keyTypes, ...columns })) {
    create = create.addColumn(column, type.startsWith('text') ? 'text' : 'bigint', (made) => {
      return type === 'text?' ? made : made.notNull();
    });
  }
  await create.addPrimaryKeyConstraint(`${name}_key`, ['community_id', ...key] as never[]).execute();
}

async function index(db: Kysely<unknown>, name: string, columns: string[], unique?: 'unique'): Promise<void> {
  const create = db.schema
    .createIndex(`${name}_by_${columns.join('_')}`)
    .on(name)
    .columns(['community_id', ...columns]);
  await (unique ? create.unique() : create).execute();
}
