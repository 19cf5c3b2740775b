import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * A transaction left open without a statement is ended by Postgres after this long: a worker that was paused in the middle of a page must
 * not keep its row locks from the worker that took over. In milliseconds.
 */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** How TypeORM connects, whoever asks. `synchronize` stays off: the schema changes by reviewed migrations only. */
export function dataSourceOptions(url: string, applicationName: string): PostgresOptions {
  return {
    type: 'postgres',
    url,
    applicationName,
    synchronize: false,
    migrationsRun: false,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize: 10,
    connectTimeoutMS: 10_000,
    extra: { idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS, keepAlive: true },
    poolErrorHandler: () => undefined,
  };
}
