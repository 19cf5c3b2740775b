/**
 * The main job, visibly: a real MLflow with a bank's registry, connected and synced. Everything goes through the public REST API, as a
 * person's clicks would. Demo data stay in a folder of their own, so that `npm start` begins empty.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './launch/ending.ts';
import { prepareEnvironment } from './launch/environment.ts';
import { dataDirOf } from './launch/paths.ts';
import { freePortFrom, isFree } from './launch/port.ts';
import { startService } from './launch/services.ts';
import { startMlflow } from './mlflow/mlflow-server.ts';
import { seedDemoRegistry } from './mlflow/seed-demo.ts';

const EMAIL = 'admin@norrfjard.example';
/** A first sync of the demo registry takes two seconds; a busy machine may take many. In milliseconds. */
const SYNC_DEADLINE_MS = 120_000;

interface DemoState {
  password: string;
  mlflowPort: number;
}

export async function runDemo(): Promise<void> {
  const startedAt = Date.now();
  const shared = dataDirOf(process.env);
  const folder = join(shared, 'demo');
  mkdirSync(folder, { recursive: true });
  const port = await freePortFrom(Number(process.env['PORT'] || 3000));
  const state = await demoState(folder);

  const mlflow = await startMlflow({
    dataDir: shared,
    folder: join(folder, 'mlflow'),
    port: state.mlflowPort,
    log: (line) => console.log(line),
  });
  atEnd({ stop: () => mlflow.stop() });
  console.log(`MLflow runs at ${mlflow.url}; filling its registry…`);
  await seedDemoRegistry(mlflow.url);

  const given = { ...process.env, PORT: String(port), PUBLIC_URL: `http://localhost:${port}`, LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn' };
  const env = await prepareEnvironment(folder, given);
  startService('api', { env, whenDead: 'restart' });
  startService('worker', { env, whenDead: 'restart' });
  const api = new DemoApi(`http://localhost:${port}`);
  await api.waitUntilReady();
  await api.signIn(state.password);
  await api.connect(mlflow.url);
  const versions = await api.waitUntilSynced();
  tell({ port, password: state.password, mlflow: mlflow.url, versions, seconds: (Date.now() - startedAt) / 1_000 });
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

/** The few calls that a person's clicks would make. */
class DemoApi {
  private cookie = '';
  private readonly base: string;

  constructor(base: string) {
    this.base = base;
  }

  async waitUntilReady(): Promise<void> {
    for (const deadline = Date.now() + SYNC_DEADLINE_MS; Date.now() < deadline; await sleep(100)) {
      const ready = await fetch(`${this.base}/health/ready`).then(
        (answer) => answer.ok,
        // Refused: it does not listen yet.
        () => false,
      );
      if (ready) return;
    }
    throw new Error('The API did not become ready.');
  }

  async signIn(password: string): Promise<void> {
    const { required } = await this.call('GET', 'setup');
    if (required) {
      await this.call('POST', 'setup', { organizationName: 'Norrfjärd Bank', name: 'Åsa Lindqvist', email: EMAIL, password });
    } else {
      await this.call('POST', 'auth/sign-in', { email: EMAIL, password });
    }
  }

  async connect(url: string): Promise<void> {
    const connection = await this.call('GET', 'integrations/mlflow');
    if (connection['trackingServerUrl'] === url) await this.call('POST', 'integrations/mlflow/sync');
    else await this.call('PUT', 'integrations/mlflow', { trackingServerUrl: url, authMethod: 'none', replaceSource: true });
  }

  /** Throws with the run's own error when it fails. */
  async waitUntilSynced(): Promise<number> {
    for (const deadline = Date.now() + SYNC_DEADLINE_MS; Date.now() < deadline; await sleep(200)) {
      const { items } = await this.call('GET', 'integrations/mlflow/sync-runs?limit=1');
      const run = items?.[0];
      if (run?.status === 'succeeded') return run.progress.versions;
      if (run?.finishedAt) throw new Error(`The first sync ended as ${run.status}: ${run.error?.message ?? ''}`);
    }
    throw new Error('The first sync did not end in time.');
  }

  private async call(method: string, path: string, body?: object): Promise<DemoAnswer> {
    const answer = await fetch(`${this.base}/api/v1/${path}`, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }
}

interface DemoAnswer {
  required?: boolean;
  trackingServerUrl?: string;
  items?: { status: string; finishedAt: string | null; progress: { versions: number }; error: { message: string } | null }[];
}

function tell(demo: { port: number; password: string; mlflow: string; versions: number; seconds: number }): void {
  console.log(`
READY in ${demo.seconds.toFixed(0)} s: ${demo.versions} model versions synced from a real MLflow.

  Open      http://localhost:${demo.port}
  E-mail    ${EMAIL}
  Password  ${demo.password}

  Then      Model Inventory › MLflow data: the synced registry; View details opens a version.
            Integrations › MLflow: status cards, Re-run Sync, history.
  MLflow    ${demo.mlflow}: change something there, then Re-run Sync.

  Ctrl-C ends all of it.
`);
}
