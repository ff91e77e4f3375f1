/** The sign-in library's own tables, as it would make them itself (`accounts/auth.test.ts` compares), and the count of wrong passwords. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sign_in_user')
    .addColumn('id', 'text', (made) => made.notNull().primaryKey())
    .addColumn('name', 'text', (made) => made.notNull())
    .addColumn('email', 'text', (made) => made.notNull().unique())
    .addColumn('emailVerified', 'integer', (made) => made.notNull())
    .addColumn('image', 'text')
    .addColumn('createdAt', 'text', (made) => made.notNull())
    .addColumn('updatedAt', 'text', (made) => made.notNull())
    .addColumn('username', 'text', (made) => made.unique())
    .execute();
  await db.schema
    .createTable('sign_in_session')
    .addColumn('id', 'text', (made) => made.notNull().primaryKey())
    .addColumn('expiresAt', 'text', (made) => made.notNull())
    .addColumn('token', 'text', (made) => made.notNull().unique())
    .addColumn('createdAt', 'text', (made) => made.notNull())
    .addColumn('updatedAt', 'text', (made) => made.notNull())
    .addColumn('ipAddress', 'text')
    .addColumn('userAgent', 'text')
    .addColumn('userId', 'text', (made) => made.notNull().references('sign_in_user.id').onDelete('cascade'))
    .execute();
  await db.schema
    .createTable('sign_in_credential')
    .addColumn('id', 'text', (made) => made.notNull().primaryKey())
    .addColumn('accountId', 'text', (made) => made.notNull())
    .addColumn('providerId', 'text', (made) => made.notNull())
    .addColumn('userId', 'text', (made) => made.notNull().references('sign_in_user.id').onDelete('cascade'))
    .addColumn('accessToken', 'text')
    .addColumn('refreshToken', 'text')
    .addColumn('idToken', 'text')
    .addColumn('accessTokenExpiresAt', 'text')
    .addColumn('refreshTokenExpiresAt', 'text')
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .addColumn('createdAt', 'text', (made) => made.notNull())
    .addColumn('updatedAt', 'text', (made) => made.notNull())
    .execute();
  await db.schema
    .createTable('sign_in_verification')
    .addColumn('id', 'text', (made) => made.notNull().primaryKey())
    .addColumn('identifier', 'text', (made) => made.notNull())
    .addColumn('value', 'text', (made) => made.notNull())
    .addColumn('expiresAt', 'text', (made) => made.notNull())
    .addColumn('createdAt', 'text', (made) => made.notNull())
    .addColumn('updatedAt', 'text', (made) => made.notNull())
    .execute();
  await db.schema
    .createTable('sign_in_failure')
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('id', 'text', (made) => made.notNull())
    .addColumn('count', 'integer', (made) => made.notNull())
    .addColumn('at', 'text', (made) => made.notNull())
    .addPrimaryKeyConstraint('sign_in_failure_key', ['community_id', 'id'])
    .execute();
  await db.schema.createIndex('sign_in_session_userId_idx').on('sign_in_session').column('userId').execute();
  await db.schema.createIndex('sign_in_credential_userId_idx').on('sign_in_credential').column('userId').execute();
  await db.schema
    .createIndex('sign_in_verification_identifier_idx')
    .on('sign_in_verification')
    .column('identifier')
    .execute();
  await db.schema.createIndex('sign_in_failure_at').on('sign_in_failure').column('at').execute();
}
