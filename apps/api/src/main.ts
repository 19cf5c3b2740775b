import 'reflect-metadata';
import { Env, Log, queueName, startOrExplain } from '@vw/platform';
import { createApi } from './create-api';

/** Requests end within this; whatever still hangs is cut off. In milliseconds. */
const SHUTDOWN_DEADLINE_MS = 12_000;

const { app, env } = await startOrExplain(async () => {
  const env = new Env();
  const app = await createApi(env);
  await app.listen(env.port, env.host);
  return { app, env };
});
const log = app.get(Log);

let stopping = false;
async function stop(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ reason }, 'api stops');
  setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
  await app.close();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
// Started by a launcher that was killed: nobody is left to stop this process.
process.on('disconnect', () => void stop('launcher ended'));
// Last: whoever reads it may stop this process at once.
log.info({ pid: process.pid, port: env.port, url: env.publicUrl, queue: queueName(env) }, 'api started');
