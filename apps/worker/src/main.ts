import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Env, Log, queueName, startOrExplain } from '@vw/platform';
import { WorkerModule } from './worker.module';

/** A run lets go within one page; whatever still hangs after this is left to the next worker. In milliseconds. */
const SHUTDOWN_DEADLINE_MS = 12_000;

const app = await startOrExplain(() =>
  NestFactory.createApplicationContext(WorkerModule.forRoot(new Env()), {
    logger: false,
    abortOnError: false,
  }),
);
const log = app.get(Log);
app.useLogger(log);

let stopping = false;
async function stop(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ reason }, 'worker stops');
  setTimeout(() => process.exit(1), SHUTDOWN_DEADLINE_MS).unref();
  await app.close();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
// Started by a launcher that was killed: nobody is left to stop this process.
process.on('disconnect', () => void stop('launcher ended'));
// Last: whoever reads it may stop this process at once.
log.info({ pid: process.pid, queue: queueName(app.get(Env)) }, 'worker started');
