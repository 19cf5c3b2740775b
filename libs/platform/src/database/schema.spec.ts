import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { Client } from 'pg';
import { printSchema } from './print-schema';

const FILE = resolve(import.meta.dirname, '../../schema.sql');

describe('the schema', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterAll(() => test?.drop());

  it('names the organization in every key of a table that has one, and in what it refers to', async () => {
    const keys = await test.asSuperuser(
      `SELECT k.conrelid::regclass::text AS "table", k.conname AS key FROM pg_constraint k
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'org_id'
       JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
       WHERE k.contype IN ('p', 'u', 'f') AND NOT a.attnum = ANY (k.conkey)`,
    );
    expect(keys).toEqual([]);
  });

  it('is the committed one: tables, indexes, policies, grants and functions', async () => {
    const client = new Client({ connectionString: test.adminUrl });
    await client.connect();
    const printed = await printSchema(client);
    await client.end();
    if (process.env['UPDATE_SCHEMA']) writeFileSync(FILE, printed);
    expect(printed).toBe(readFileSync(FILE, 'utf8'));
  });
});
