import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { ApiSession } from '../launch/api-session.ts';
import { OWN_SETTINGS } from '../launch/environment.ts';
import { freePortFrom } from '../launch/port.ts';
import { cpuNow, CpuWatch, type Cpu, type Pids } from './cpu-watch.ts';
import { environmentOf, peakOf, processes } from './processes.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PASSWORD = 'a passphrase for the benchmark';
const READY_MS = 180_000;
/** Asking costs the API and Postgres, whose time is measured. In milliseconds. */
const ASK_EVERY_MS = 2_000;

export interface Run {
  id: string;
  status: string;
  requestedAt: string;
  finishedAt: string | null;
  counts: { created: number; updated: number; unchanged: number; removed: number };
  requests: number;
}

/** The product as `npm start` runs it, on a data folder of its own, asked through its public API. */
export class Product {
  readonly url: string;
  private readonly session: ApiSession;
  private readonly launcher: ChildProcess;
  private readonly others: ChildProcess[] = [];
  private readonly env: NodeJS.ProcessEnv;

  private constructor(url: string, env: NodeJS.ProcessEnv) {
    this.url = url;
    this.session = new ApiSession(url);
    this.env = env;
    this.launcher = this.launch('start');
  }

  static async start(dataDir: string, env: Record<string, string> = {}): Promise<Product> {
    const port = await freePortFrom(3_500);
    const product = new Product(`http://localhost:${port}`, {
      ...process.env,
      ...OWN_SETTINGS,
      ...env,
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      // Only the syncs that are asked for: one in the middle of another's time would be measured with it.
      SYNC_INTERVAL_SECONDS: '86400',
      EGRESS_POLICY: 'private',
    });
    await answers(product.url);
    await product.call('POST', 'setup', {
      organizationName: 'Benchmark',
      name: 'Benchmark',
      email: 'bench@example.com',
      password: PASSWORD,
    });
    return product;
  }

  /** Waits until the rules have looked at what the syncs read. */
  async evaluated(): Promise<void> {
    await until(3_600_000, async () => {
      const { evaluatedAt } = (await this.call('GET', 'governance/summary')) as {
        evaluatedAt: string | null;
      };
      return evaluatedAt !== null && evaluatedAt > ((await this.newest()).finishedAt ?? '');
    });
  }

  /** Saves the connection, which starts the first sync, and waits for its end. */
  async connect(trackingServerUrl: string, { pollSeconds } = { pollSeconds: 0 }): Promise<Run> {
    // Without polls, but where they are measured: one in the middle of another's time would be measured with it.
    await this.call('PUT', 'integrations/mlflow', {
      trackingServerUrl,
      authMethod: 'none',
      requestTimeoutSeconds: 300,
      pollSeconds,
    });
    return this.ended(await this.newest());
  }

  async sync(): Promise<Run> {
    return this.ended((await this.call('POST', 'integrations/mlflow/sync')) as Run);
  }

  call(method: string, path: string, body?: object): Promise<unknown> {
    return this.session.call(method, path, body);
  }

  /** Starts a second API on the same database, and waits until it answers. */
  async addApi(): Promise<void> {
    const port = await freePortFrom(3_600);
    this.others.push(this.launch('api', { PORT: String(port) }));
    await answers(`http://localhost:${port}`);
  }

  /** Starts further workers beside the first one, and waits until the database knows them all. */
  async addWorkers(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) this.others.push(this.launch('worker'));
    await this.inDatabase((client) =>
      until(READY_MS, async () => {
        const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM worker_heartbeat');
        return (rows[0]?.n ?? 0) > count;
      }),
    );
  }

  /** Asks the database as the app does: only rows of the organization that `app.org_id` names are seen. */
  async inDatabase<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const client = new Client(environmentOf(this.pidOf('api/main.js'), 'DATABASE_URL'));
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Asks in one transaction that sees the rows of the organization that was set up, and changes nothing. */
  async inOrganization<Result>(work: (client: Client, orgId: string) => Promise<Result>): Promise<Result> {
    const me = (await this.call('GET', 'auth/me')) as { organization: { id: string } };
    return this.inDatabase(async (client) => {
      await client.query('BEGIN READ ONLY');
      await client.query(`SELECT set_config('app.org_id', $1, true)`, [me.organization.id]);
      return work(client, me.organization.id);
    });
  }

  /** The session, for a browser. */
  browserCookie(): { name: string; value: string; url: string } {
    const [name = '', value = ''] = this.session.cookie.split('=');
    return { name, value, url: this.url };
  }

  /** The most memory that the worker has held at once, in MiB. */
  workerPeak(): number {
    return peakOf(this.pidOf('worker/main.js'));
  }

  cpu(): Cpu {
    return cpuNow(this.pids());
  }

  watchCpu(): CpuWatch {
    return new CpuWatch(this.pids());
  }

  async stop(): Promise<void> {
    const all = [this.launcher, ...this.others];
    const ended = all.map((one) => new Promise((done) => one.once('exit', done)));
    for (const one of all) one.kill('SIGTERM');
    await Promise.all(ended);
  }

  private launch(command: 'start' | 'api' | 'worker', more: Record<string, string> = {}): ChildProcess {
    return spawn(process.execPath, ['--no-warnings', 'tools/run.ts', command], {
      cwd: ROOT,
      env: { ...this.env, ...more },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  private async newest(): Promise<Run> {
    const page = (await this.call('GET', 'integrations/mlflow/sync-runs?limit=1')) as { items: Run[] };
    const [run] = page.items;
    if (!run) throw new Error('No sync was asked for.');
    return run;
  }

  private async ended({ id }: Run): Promise<Run> {
    let run = await this.newest();
    await until(3_600_000, async () => {
      run = (await this.call('GET', `integrations/mlflow/sync-runs/${id}`)) as Run;
      return run.finishedAt !== null;
    });
    if (run.status !== 'succeeded')
      throw new Error(`The sync ended as ${run.status}: ${JSON.stringify(run)}`);
    return run;
  }

  private pids(): Pids {
    const dataDir = environmentOf(this.launcher.pid ?? 0, 'DATA_DIR');
    const postmaster = processes().find(
      ({ args }) => args.includes('bin/postgres -D') && args.includes(dataDir),
    );
    if (!postmaster) throw new Error('No process of Postgres.');
    return { worker: this.pidOf('worker/main.js'), postmaster: postmaster.pid };
  }

  private pidOf(program: string): number {
    const found = processes().find(
      ({ args, parent }) => parent === this.launcher.pid && args.includes(program),
    );
    if (!found) throw new Error(`No process of ${program}.`);
    return found.pid;
  }
}

async function answers(origin: string): Promise<void> {
  await until(READY_MS, () =>
    fetch(`${origin}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
}

export async function until(within: number, look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + within; Date.now() < deadline;) {
    if (await look()) return;
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
  }
  throw new Error('It did not happen in time.');
}
