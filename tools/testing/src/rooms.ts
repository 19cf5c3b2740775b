import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, PlatformModule } from '@vw/platform';
import { createTestDatabase, type TestDatabase } from './database';

/** Rooms on a throw-away database, as an app wires them. */
export interface TestRooms {
  app: INestApplicationContext;
  database: Database;
  test: TestDatabase;
  /** An organization with nothing in it. */
  createOrganization(name?: string): Promise<string>;
  close(): Promise<void>;
}

/** `dataDir`: on a Postgres of its own, for specs that hurt it. */
export async function startRooms(
  imports: NonNullable<ModuleMetadata['imports']>,
  env: Record<string, string> = {},
  dataDir?: string,
): Promise<TestRooms> {
  const test = await createTestDatabase(dataDir);
  class SpecModule {}
  const app = await NestFactory.createApplicationContext(
    { module: SpecModule, imports: [PlatformModule.forRoot(test.env(env), 'spec'), ...imports] },
    { logger: ['error', 'fatal'], abortOnError: false },
  );
  const database = app.get(Database);
  return {
    app,
    database,
    test,
    createOrganization: async (name = 'Spec') => {
      const id = crypto.randomUUID();
      await database.orgTransaction(id, (tx) =>
        tx.execute('INSERT INTO organization (id, name) VALUES ($1, $2)', [id, name]),
      );
      return id;
    },
    close: async () => {
      await app.close();
      await test.drop();
    },
  };
}
