/**
 * Rules broken one by one, each with the case that must turn red. An edit replaces a text that stands in its file exactly once.
 * `project`: the Vitest project that runs the case; `config`: another configuration file than the project's own.
 *
 * @typedef {{ file: string, from: string, to: string }} Edit
 * @typedef {{ file: string, name: string, project?: 'unit' | 'sqlite' | 'postgres', config?: string }} Case
 * @typedef {{ name: string, edits: Edit[], mustFail: Case }} Mutation
 */

/** @type {Mutation[]} */
export const mutations = [
  {
    name: 'receipt before commit',
    edits: [
      {
        file: 'src/lib/server/database/group-commit.ts',
        from: 'answers.push(() => resolve(value));',
        to: 'resolve(value);',
      },
    ],
    mustFail: {
      file: 'src/lib/server/database/group-commit.test.ts',
      name: '[REC-1] a shared commit is answered after it, to all, and to none where it fails',
      project: 'sqlite',
    },
  },
  {
    name: 'cursor before items',
    edits: [
      {
        file: 'src/lib/device/sync-store.ts',
        from: '    const outcome = await connection.run((database) =>',
        to: `    const asked = await connection.run((database) =>
      database.transaction('rw', database.cursors, database.meta, async () => {
        if (!(await isAsAsked(database, question))) return false;
        await database.cursors.bulkPut(prepared.map(({ id: feed, version }) => ({ feed, version })));
        return true;
      }),
    );
    const outcome = await connection.run((database) =>`,
      },
      {
        file: 'src/lib/device/sync-store.ts',
        from: '        if (!(await isAsAsked(database, question))) return null;\n        const turned',
        to: '        if (!asked) return null;\n        const turned',
      },
    ],
    mustFail: {
      file: 'src/lib/device/sync.test.ts',
      name: '[DEV-1] receipts are stored though the items of the answer are not, which come again',
      project: 'unit',
    },
  },
  {
    name: 'version taken outside the transaction',
    edits: [
      {
        file: 'src/lib/server/feeds/publish.ts',
        from: `    .insertInto('feed')
    .values({ community_id: communityId, id: feed, version: count })
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'id']).doUpdateSet((set) => ({ version: set('feed.version', '+', count) })),
    )
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;`,
        to: `    .selectFrom('feed')
    .select('version')
    .where('community_id', '=', communityId)
    .where('id', '=', feed)
    .executeTakeFirst();
  const version = (row?.version ?? 0) + count;
  await tx
    .insertInto('feed')
    .values({ community_id: communityId, id: feed, version })
    .onConflict((conflict) => conflict.columns(['community_id', 'id']).doUpdateSet({ version }))
    .execute();
  return version;`,
      },
    ],
    mustFail: {
      file: 'tests/server/feeds.test.ts',
      name: '[FEED-3] versions of a feed are seen in order while many write',
      project: 'postgres',
    },
  },
  {
    name: 'outbox cleared on send',
    edits: [
      {
        file: 'src/lib/device/sync-store.ts',
        from: '    return handed.filter(({ digest }) => kept.digests.has(digest));',
        to: '    await connection.run((database) => database.outbox.bulkDelete(keys));\n    return handed.filter(({ digest }) => kept.digests.has(digest));',
      },
    ],
    mustFail: {
      file: 'src/lib/device/sync.test.ts',
      name: '[DEV-3] an entry leaves the outbox only by a receipt with its digest',
      project: 'unit',
    },
  },
  {
    name: 'digest not compared',
    edits: [
      {
        file: 'src/lib/device/sync-store.ts',
        from: 'if (!row || row.digest !== digest) continue;',
        to: 'if (!row) continue;',
      },
    ],
    mustFail: {
      file: 'src/lib/device/sync.test.ts',
      name: '[DEV-3] an entry leaves the outbox only by a receipt with its digest',
      project: 'unit',
    },
  },
  {
    name: '`gone` forgotten',
    edits: [
      {
        file: 'src/lib/server/feeds/publish.ts',
        from: 'return text === null ? was?.gone === 0 :',
        to: 'return text === null ? false :',
      },
    ],
    mustFail: {
      file: 'tests/server/feeds.test.ts',
      name: '[FEED-5] what left a feed is told as gone, and not to who starts from 0',
      project: 'sqlite',
    },
  },
  {
    name: 'draft ended before the save',
    edits: [
      {
        file: 'src/lib/device/outbox.ts',
        from: '          drafts.bulkDelete(prepared.map(({ draft }) => draft.id)),\n',
        to: '',
      },
      {
        file: 'src/lib/device/outbox.ts',
        from: '    for (const form of forms) this.#drafts.end(form);\n',
        to: `    for (const form of forms) this.#drafts.end(form);
    await this.#connection.run((database) => database.drafts.bulkDelete(forms.map(({ id }) => id)));
`,
      },
    ],
    mustFail: {
      file: 'src/lib/device/work.test.ts',
      name: '[DEV-2] a save that finds the disk full leaves the draft as it was',
      project: 'unit',
    },
  },
  {
    name: 'scope read from the session’s start',
    edits: [
      {
        file: 'src/lib/server/scope.ts',
        from: '    grids: await gridsOf(db, communityId, accountId),',
        to: '    grids: await rememberedGrids(db, communityId, accountId),',
      },
      {
        file: 'src/lib/server/scope.ts',
        from: 'export async function scopeOf(',
        to: `const remembered = new Map<string, string[]>();
async function rememberedGrids(db: ReadSnapshot, communityId: string, accountId: string): Promise<string[]> {
  const grids = remembered.get(accountId) ?? (await gridsOf(db, communityId, accountId));
  remembered.set(accountId, grids);
  return grids;
}
export async function scopeOf(`,
      },
    ],
    mustFail: {
      file: 'tests/server/scope.test.ts',
      name: '[SCO-1] the scope is that of now, on every request',
      project: 'sqlite',
    },
  },
  {
    name: 'restore without a new epoch',
    edits: [
      {
        file: 'src/lib/server/feeds/epoch.ts',
        from: "await tx.updateTable('community').set({ epoch }).where(",
        to: "await tx.updateTable('community').set((set) => ({ epoch: set.ref('epoch') })).where(",
      },
    ],
    mustFail: {
      file: 'tests/server/restore.test.ts',
      name: '[RES-1] a restored office has another epoch, of chance, and other communities keep theirs',
      project: 'sqlite',
    },
  },
  {
    name: 'decision not once',
    edits: [
      {
        file: 'src/lib/server/review/decide.ts',
        from: 'if (submission.decision_id !== previous) {',
        to: 'if (submission.decision_id === previous && previous === submission.id) {',
      },
    ],
    mustFail: {
      file: 'tests/server/deciding.test.ts',
      name: '[TWO-3] the second of two coordinators is answered with the decision of the first, and changes nothing',
      project: 'sqlite',
    },
  },
  {
    name: 'a late answer stored',
    edits: [
      {
        file: 'src/lib/device/sync-store.ts',
        from: '        if (!(await isAsAsked(database, question))) return null;\n        const turned',
        to: '        await isAsAsked(database, question);\n        const turned',
      },
    ],
    mustFail: {
      file: 'src/lib/device/sync.test.ts',
      name: '[DEV-12] a late answer gives its receipts and nothing else',
      project: 'unit',
    },
  },
  {
    name: 'one failed push takes its group along',
    edits: [
      {
        file: 'src/lib/server/database/group-commit.ts',
        from: 'const value = await this.#ground.attempt(tx, () => run(tx));',
        to: 'const value = await run(tx);',
      },
    ],
    mustFail: {
      file: 'src/lib/server/database/engine.sqlite.test.ts',
      name: 'what arrives together shares a commit, and a failing one takes no other along',
      project: 'sqlite',
    },
  },
  {
    name: 'what was sent let go of before the feed was told to its end',
    edits: [
      {
        file: 'src/lib/device/sync-store.ts',
        from: '?.more === false;',
        to: '!== undefined;',
      },
    ],
    mustFail: {
      file: 'src/lib/device/sync.test.ts',
      name: '[DEV-4] what was sent stays while the account feed is told anew in pages, and not yet to its end',
      project: 'unit',
    },
  },
  {
    name: 'an older copy chosen',
    edits: [
      {
        file: 'src/lib/server/quarantine/accept.ts',
        from: 'return row.revision >= submission.revision ? row : null;',
        to: 'return row;',
      },
    ],
    mustFail: {
      file: 'tests/server/damaged-copies.test.ts',
      name: '[REC-6] what is older than the newest can be kept and not chosen',
      project: 'sqlite',
    },
  },
  {
    name: 'left its feed though decided anew meanwhile',
    edits: [
      {
        file: 'src/lib/server/sync/retire.ts',
        from: 'const still = await dueBy(tx, before, ids);',
        to: 'const still = due;',
      },
    ],
    mustFail: {
      file: 'tests/server/feeds.test.ts',
      name: '[DEV-4] a submission whose approval is taken back while it is to leave its feed stays there',
      project: 'sqlite',
    },
  },
  {
    name: 'renewal ends with the first page',
    edits: [
      {
        file: 'src/lib/server/feeds/renew.ts',
        from: 'const last = ids.length < atOnce[renewal.kind] ? undefined : ids.at(-1);',
        to: 'const last = undefined;',
      },
    ],
    mustFail: {
      file: 'tests/server/renewal-at-start.test.ts',
      name: 'a start tells every account, grid, door and record anew, however many there are',
      project: 'sqlite',
    },
  },
  {
    name: 'a new code hides its door',
    edits: [
      {
        file: 'src/lib/domain/told.ts',
        from: 'use: codeOrNone,',
        to: "use: z.nullable(ToldCode.check(z.refine((code) => code !== 'houseboat'))),",
      },
    ],
    mustFail: {
      file: 'src/lib/device/sync.test.ts',
      name: '[FEED-7] a door whose use is new to this version is shown, and kept as it came',
    },
  },
  {
    name: 'a code of a newer phone waits for a person',
    edits: [{ file: 'src/lib/server/quarantine/passing.ts', from: "'internal', 'code']", to: "'internal']" }],
    mustFail: {
      file: 'tests/server/quarantine-again.test.ts',
      name: '[QUA-2] [QUA-6] a code that only a newer app knows is kept whole, and pending by itself once the office knows it',
      project: 'sqlite',
    },
  },
];
