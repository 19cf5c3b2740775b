import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestDatabase } from './database';
import { eventually } from './eventually';

/** The folder of a Postgres that one spec file has for itself, because it hurts it. Hand `dataDir` to whoever starts a database. */
export interface OwnPostgres {
  dataDir: string;
  /** The server's own process, whatever restarts it. */
  postmaster(test: TestDatabase): Promise<number>;
  /** Waits until it has stopped after its last user, and removes all it had. */
  remove(): Promise<void>;
}

export function ownPostgres(name: string): OwnPostgres {
  const dataDir = resolve(import.meta.dirname, '../../../.data', `spec-${name}-${process.pid}`);
  // Not by mkdtemp, which makes it for one user only: as root, Postgres runs as another one.
  mkdirSync(dataDir, { recursive: true });
  return {
    dataDir,
    postmaster: async (test) => {
      const [found] = await test.asSuperuser<{ data_directory: string }>('SHOW data_directory');
      return Number(readFileSync(join(found?.data_directory ?? '', 'postmaster.pid'), 'utf8').split('\n')[0]);
    },
    remove: async () => {
      await eventually(() => {
        if (existsSync(join(dataDir, 'keeper.pid'))) throw new Error('Postgres has not stopped.');
      });
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
