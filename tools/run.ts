/**
 * The entry of every npm script that starts something: build what changed → environment (embedded Postgres, migrations, key) → processes.
 * Runs as it is, so that a fresh clone needs no build before its first command.
 */
import { runDemo } from './demo.ts';
import { build } from './launch/build.ts';
import { end, endOnSignals } from './launch/ending.ts';
import { prepareEnvironment, runCommand } from './launch/environment.ts';
import { dataDirOf } from './launch/paths.ts';
import { requireFree } from './launch/port.ts';
import { startService } from './launch/services.ts';

const PROJECTS = ['api', 'worker', 'web', 'commands'];

const COMMANDS: Record<string, (args: string[]) => Promise<void>> = { start, api, worker, demo, org, 'db:migrate': databaseMigrate };

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  console.error(`Usage: node tools/run.ts ${Object.keys(COMMANDS).join(' | ')}`);
  process.exit(2);
}
endOnSignals();
await command(args).catch(async (error: unknown) => {
  // A start that failed: its sentence, then whatever was started is stopped.
  console.error(error instanceof Error ? error.message : String(error));
  await end(1);
});

async function start(): Promise<void> {
  await requireFree(process.env, 'start');
  await build(PROJECTS);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  startService('api', { env, whenDead: 'restart' });
  startService('worker', { env, whenDead: 'restart' });
  console.log(`VerifyWise: http://localhost:${env['PORT'] || 3000}  (the first visit leads to the set-up; Ctrl-C ends it)`);
}

async function api(): Promise<void> {
  await requireFree(process.env, 'run api');
  await build(PROJECTS);
  startService('api', { env: await prepareEnvironment(dataDirOf(process.env), process.env), whenDead: 'end' });
}

async function worker(): Promise<void> {
  await build(PROJECTS);
  startService('worker', { env: await prepareEnvironment(dataDirOf(process.env), process.env), whenDead: 'end' });
}

async function demo(): Promise<void> {
  await build(PROJECTS);
  await runDemo();
}

async function org(rest: string[]): Promise<void> {
  await build(['commands']);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  await end(await runCommand(['org', ...rest], env));
}

async function databaseMigrate(rest: string[]): Promise<void> {
  await build(['commands']);
  if (process.env['DATABASE_OWNER_URL']) await end(await runCommand(['db:migrate', ...rest], process.env));
  await prepareEnvironment(dataDirOf(process.env), process.env);
  console.log('The embedded database is up to date.');
  await end(0);
}
