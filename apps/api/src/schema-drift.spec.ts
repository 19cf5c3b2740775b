import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

interface MappedDatabase {
  entityMetadatas: { tableName: string }[];
  driver: { createSchemaBuilder(): { log(): Promise<{ upQueries: { query: string }[] }> } };
}

/**
 * A room boots without the others, so its entities name no table of another room, `organization` included; and the checks of closed
 * words are the migrations' own. The committed text of the schema watches over both.
 */
const WATCHED_ELSEWHERE = /^ALTER TABLE "\w+" DROP CONSTRAINT "\w+_(org_id_(\w+_)?fkey|check)"$/;

describe('the entities', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;
  let source: MappedDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    app = await createApi(test.env());
    source = app.get<MappedDatabase>(getDataSourceToken());
  });

  afterAll(async () => {
    await app?.close();
    await test?.drop();
  });

  it('say what the migrations made: columns, keys and indexes', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    const pending = upQueries.map(({ query }) => query).filter((query) => !WATCHED_ELSEWHERE.test(query));
    expect(pending).toEqual([]);
  });

  it('cover every table of an app', () => {
    const tables = source.entityMetadatas.map((entity) => entity.tableName);
    for (const table of [
      'organization',
      'user_account',
      'session',
      'api_key',
      'attempt_limit',
      'audit_event',
      'audit_head',
      'credential',
      'vault_key',
      'mlflow_connection',
      'sync_run',
      'worker_heartbeat',
      'governance_state',
      'inventory_entry',
      'attestation',
      'waiver',
      'finding',
      'finding_move',
    ]) {
      expect(tables).toContain(table);
    }
  });
});
