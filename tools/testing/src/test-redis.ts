import { resolve } from 'node:path';
import { type RedisServer, startRedis } from '../../redis/redis-server.ts';

/** Shared by all specs, so that it is installed once. */
const DATA_DIR = resolve(import.meta.dirname, '../../../.data');

/** A real Redis of its own, empty; on a given port where one comes back. For `beforeAll` with MLFLOW_START_TIMEOUT_MS. */
export function startTestRedis(port?: number): Promise<RedisServer> {
  return startRedis(DATA_DIR, port === undefined ? {} : { port });
}
