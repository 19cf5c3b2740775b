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

  it('is the committed one: tables, indexes, policies, grants and functions', async () => {
    const client = new Client({ connectionString: test.adminUrl });
    await client.connect();
    const printed = await printSchema(client);
    await client.end();
    if (process.env['UPDATE_SCHEMA']) writeFileSync(FILE, printed);
    expect(printed).toBe(readFileSync(FILE, 'utf8'));
  });
});
