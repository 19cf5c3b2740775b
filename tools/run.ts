/**
 * The entry of every npm script that starts something: build what changed → environment (embedded Postgres, migrations, key) → processes.
 * Runs as it is, so that a fresh clone needs no build before its first command.
 */
import { runDemo } from './demo.ts';
import { watchAndRestart } from './dev.ts';
import { newMigration } from './new-migration.ts';
import { announce } from './launch/announce.ts';
import { build } from './launch/build.ts';
import { end, endOnSignals } from './launch/ending.ts';
import { prepareEnvironment, runCommand } from './launch/environment.ts';
import { dataDirOf } from './launch/paths.ts';
import { requireFree } from './launch/port.ts';
import { startService, type Service } from './launch/services.ts';

const PROJECTS = ['api', 'worker', 'web', 'commands'];

const COMMANDS: Record<string, (args: string[]) => Promise<unknown>> = {
  start,
  api,
  worker,
  dev,
  demo,
  org,
  vault,
  'audit:verify': auditVerify,
  'db:migrate': databaseMigrate,
  'db:new': async ([title]) => end(newMigration(title)),
};

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

async function start(): Promise<Service[]> {
  await requireFree(process.env, 'start');
  await build(PROJECTS);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  const services = [
    startService('api', { env, whenDead: 'restart' }),
    startService('worker', { env, whenDead: 'restart' }),
  ];
  await announce(env['PORT'] || '3000');
  return services;
}

async function api(): Promise<void> {
  await requireFree(process.env, 'run api');
  await build(PROJECTS);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  startService('api', { env, whenDead: 'end' });
  await announce(env['PORT'] || '3000');
}

async function worker(): Promise<void> {
  await build(PROJECTS);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  startService('worker', { env, whenDead: 'end' });
}

async function dev(): Promise<void> {
  // Rebuilt on every change; the compressed copy is for real use.
  process.env['WEB_ROOT'] ??= 'dist/apps/web-bundle/browser';
  watchAndRestart(await start());
}

async function demo(): Promise<void> {
  await runDemo(() => build(PROJECTS));
}

async function org(rest: string[]): Promise<void> {
  await build(['commands']);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  await end(await runCommand(['org', ...rest], env));
}

async function vault(rest: string[]): Promise<void> {
  await build(['commands']);
  const env = await prepareEnvironment(dataDirOf(process.env), process.env);
  await end(await runCommand(['vault', ...rest], env));
}

/** An exported file is proved without a database, so that it can be done anywhere. */
async function auditVerify(rest: string[]): Promise<void> {
  await build(['commands']);
  const isOfDatabase = rest.length === 0 || rest.some((arg) => arg.startsWith('--'));
  const env = isOfDatabase
    ? await prepareEnvironment(dataDirOf(process.env), process.env)
    : { ...process.env, INIT_CWD: process.env['INIT_CWD'] ?? process.cwd() };
  await end(await runCommand(['audit:verify', ...rest], env));
}

/** With DATABASE_OWNER_URL that database; otherwise the embedded one, which every start migrates anyway. */
async function databaseMigrate(rest: string[]): Promise<void> {
  await build(['commands']);
  const names = ['DATABASE_OWNER_URL', 'DATABASE_URL'].flatMap((name) => [name, `${name}_FILE`]);
  const isOperators = names.some((name) => process.env[name]);
  if (isOperators) return end(await runCommand(['db:migrate', ...rest], process.env));
  await prepareEnvironment(dataDirOf(process.env), process.env);
  console.log('The embedded database is up to date.');
  await end(0);
}
