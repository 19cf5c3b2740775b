/**
 * The main job, visibly: a real MLflow with a bank's registry, connected and synced. Everything goes through the public REST API, as a
 * person's clicks would. Demo data stay in a folder of their own, so that `npm start` begins empty.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoApi } from './demo-api.ts';
import { addReviews } from './demo-reviews.ts';
import { untilReady } from './launch/announce.ts';
import { atEnd, isEnding } from './launch/ending.ts';
import { OWN_SETTINGS, prepareEnvironment } from './launch/environment.ts';
import { dataDirOf } from './launch/paths.ts';
import { freePortFrom, isFree } from './launch/port.ts';
import { startService } from './launch/services.ts';
import { startMlflow } from './mlflow/mlflow-server.ts';
import { stopGroup } from './mlflow/processes.ts';
import { seedDemoRegistry } from './mlflow/seed-demo.ts';

const EMAIL = 'admin@norrfjard.example';
/** MLflow takes over 4 s to obey SIGTERM, and loses nothing when it is not waited for: its data are in SQLite. */
const MLFLOW_GRACE_MS = 1_000;

interface DemoState {
  password: string;
  mlflowPort: number;
}

/** Resolves when the registry is synced and the sign-in is printed; everything runs on until Ctrl-C. */
export async function runDemo(build: () => Promise<void>): Promise<void> {
  const startedAt = Date.now();
  const shared = dataDirOf(process.env);
  const folder = join(shared, 'demo');
  mkdirSync(folder, { recursive: true });
  const port = await freePortFrom(Number(process.env['PORT'] || 3000));
  const state = await demoState(folder);
  // MLflow takes ten seconds to start, most of them idle: the rest starts meanwhile.
  const [mlflow, env] = await Promise.all([
    seededMlflow(shared, folder, state.mlflowPort),
    build().then(() => startApi(folder, port)),
  ]);
  if (isEnding()) return;
  // Only now: a sync that is due would find no MLflow yet, and stand in the history as a failure.
  startService('worker', { env, whenDead: 'restart', logFile: join(folder, 'worker.log') });
  const api = new DemoApi(`http://localhost:${port}`);
  await api.signIn({ email: EMAIL, password: state.password });
  await api.connect(mlflow);
  const versions = await api.waitUntilSynced();
  await addReviews(api);
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  tell({ port, password: state.password, mlflow, versions, seconds, folder });
}

/** The password and MLflow's port are kept: the source stays the same server from start to start. */
async function demoState(folder: string): Promise<DemoState> {
  const file = join(folder, 'demo.json');
  const kept: DemoState | null = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (kept && (await isFree(kept.mlflowPort, '127.0.0.1'))) return kept;
  const state = {
    password: kept?.password ?? `demo-${randomBytes(9).toString('base64url')}-demo`,
    mlflowPort: await freePortFrom(5_500),
  };
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  return state;
}

async function seededMlflow(shared: string, folder: string, port: number): Promise<string> {
  console.log('Starting MLflow…');
  const mlflow = await startMlflow({
    dataDir: shared,
    folder: join(folder, 'mlflow'),
    port,
    log: (line) => console.log(line),
  });
  atEnd({ stop: () => stopGroup(mlflow.pid, MLFLOW_GRACE_MS) });
  console.log(`MLflow runs at ${mlflow.url}; filling its registry…`);
  await seedDemoRegistry(mlflow.url);
  return mlflow.url;
}

async function startApi(folder: string, port: number): Promise<NodeJS.ProcessEnv> {
  const given = {
    ...process.env,
    ...OWN_SETTINGS,
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
  };
  const env = await prepareEnvironment(folder, given);
  if (isEnding()) return env;
  startService('api', { env, whenDead: 'restart', logFile: join(folder, 'api.log') });
  await untilReady(`http://localhost:${port}`);
  return env;
}

function tell(demo: {
  port: number;
  password: string;
  mlflow: string;
  versions: number;
  seconds: number;
  folder: string;
}): void {
  console.log(`
READY in ${demo.seconds} s: ${demo.versions} model versions synced from a real MLflow.

  Open      http://localhost:${demo.port}
  E-mail    ${EMAIL}
  Password  ${demo.password}

  Then      Model Inventory › MLflow data: the synced registry; View details opens a version.
            Governance gaps: which live versions lack a review; Attest signs one.
            Integrations › MLflow: status cards, Re-run Sync, history.
  MLflow    ${demo.mlflow}: change something there, then Re-run Sync.
  Logs      ${demo.folder}

  Ctrl-C ends all of it.
`);
}
