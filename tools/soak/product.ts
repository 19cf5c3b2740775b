import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { holdPostgres, type HeldPostgres } from '../embedded/embedded-postgres.ts';
import { ApiSession } from '../launch/api-session.ts';
import { OWN_SETTINGS, prepareEnvironment } from '../launch/environment.ts';
import { NODE_FLAGS } from '../launch/node-flags.ts';
import { BUILT, ROOT } from '../launch/paths.ts';
import { freePortFrom } from '../launch/port.ts';

const WORKERS = 2;
/** A killed Postgres is back in a second or two; a request that meets none is tried again until then. */
const ANSWER_MS = 60_000;

export interface Run {
  id: string;
  status: string;
  held: number;
  finishedAt: string | null;
}

/** The product with processes that may be killed: API, two workers and a Postgres of their own. A dead process is started again. */
export class Product {
  orgId = '';
  private readonly env: NodeJS.ProcessEnv;
  private readonly held: HeldPostgres;
  private readonly session: ApiSession;
  private readonly children = new Map<string, ChildProcess>();
  private isStopping = false;

  private constructor(env: NodeJS.ProcessEnv, held: HeldPostgres) {
    this.env = env;
    this.held = held;
    this.session = new ApiSession(`http://localhost:${env['PORT']}`);
  }

  static async start(dataDir: string): Promise<Product> {
    const port = await freePortFrom(3_700);
    const given = { ...process.env, ...OWN_SETTINGS, PORT: String(port), LOG_LEVEL: 'error' };
    const env = await prepareEnvironment(dataDir, given);
    const product = new Product(env, await holdPostgres(dataDir));
    for (const name of product.processes()) product.launch(name);
    await product.call('GET', 'setup');
    const person = { name: 'Soak', email: 'soak@example.com', password: 'a passphrase for the soak' };
    await product.call('POST', 'setup', { organizationName: 'Soak', ...person });
    const me = (await product.call('GET', 'auth/me')) as { organization: { id: string } };
    product.orgId = me.organization.id;
    return product;
  }

  connect(trackingServerUrl: string): Promise<unknown> {
    const settings = { trackingServerUrl, authMethod: 'none', requestTimeoutSeconds: 20, pollSeconds: 10 };
    return this.call('PUT', 'integrations/mlflow', settings);
  }

  /** Asks for a sync; returns the one that is active where there is one. */
  async requestSync(): Promise<Run> {
    return (await this.call('POST', 'integrations/mlflow/sync')) as Run;
  }

  async ended({ id }: Run): Promise<Run> {
    for (;;) {
      const run = (await this.call('GET', `integrations/mlflow/sync-runs/${id}`)) as Run;
      if (run.finishedAt !== null) return run;
      await sleep(100);
    }
  }

  /** An Admin's word on what the last sync held back, where it did. */
  async confirmHeld(): Promise<void> {
    const page = (await this.call('GET', 'integrations/mlflow/sync-runs?limit=1')) as { items: Run[] };
    const [last] = page.items;
    if (last?.status !== 'partial' || last.held === 0) return;
    // Refused where the next sync runs already, or somebody was just killed.
    const path = `integrations/mlflow/sync-runs/${last.id}/confirm-removals`;
    await this.session.call('POST', path).catch(() => undefined);
  }

  worker(index: number): ChildProcess | undefined {
    return this.children.get(`worker ${(index % WORKERS) + 1}`);
  }

  async killPostgres(): Promise<void> {
    const [found] = await this.ask<{ data_directory: string }>('SHOW data_directory');
    const pid = readFileSync(join(found?.data_directory ?? '', 'postmaster.pid'), 'utf8').split('\n')[0];
    process.kill(Number(pid), 'SIGKILL');
  }

  /** One statement as superuser, tried again while Postgres is away. */
  ask = async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
    untilAnswered(async () => {
      const url = new URL(this.held.address.adminUrl);
      url.pathname = '/verifywise';
      const client = new pg.Client({ connectionString: url.href });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query(sql, [...parameters])).rows as Row[];
      } finally {
        await client.end().catch(() => undefined);
      }
    });

  async stop(): Promise<void> {
    this.isStopping = true;
    const running = [...this.children.values()].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = running.map((child) => new Promise((done) => child.once('exit', done)));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ended);
    this.held.release();
  }

  private processes(): string[] {
    return ['api', ...Array.from({ length: WORKERS }, (_, index) => `worker ${index + 1}`)];
  }

  private launch(name: string): void {
    if (this.isStopping) return;
    const app = name === 'api' ? 'api' : 'worker';
    const child = spawn(process.execPath, [...NODE_FLAGS[app], BUILT[app]], {
      cwd: ROOT,
      env: this.env,
      // The pipe ends them with this process, however that ends.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.children.set(name, child);
    // One that cannot start yet, because Postgres is away, is not started again at once.
    child.once('exit', () => setTimeout(() => this.launch(name), 500));
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    return untilAnswered(() => this.session.call(method, path, body));
  }
}

async function untilAnswered<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const deadline = Date.now() + ANSWER_MS; ; await sleep(100)) {
    try {
      return await work();
    } catch (error) {
      // Somebody was just killed: that is what a soak is about.
      if (Date.now() > deadline) throw error;
    }
  }
}
