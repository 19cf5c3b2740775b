import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePortFrom } from '../launch/port.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PASSWORD = 'a passphrase for the benchmark';
const READY_MS = 180_000;
/** Linux counts process time in hundredths of a second. */
const TICK_MS = 10;

export interface Run {
  id: string;
  status: string;
  startedAt: string;
  finishedAt: string | null;
  counts: { created: number; updated: number; unchanged: number; removed: number };
  requests: number;
}

/** CPU time so far, in milliseconds. */
export interface Cpu {
  worker: number;
  postgres: number;
}

/** The product as `npm start` runs it, on a data folder of its own, asked through its public API. */
export class Product {
  readonly url: string;
  private readonly launcher: ChildProcess;
  private cookie = '';

  private constructor(launcher: ChildProcess, url: string) {
    this.launcher = launcher;
    this.url = url;
  }

  static async start(dataDir: string): Promise<Product> {
    const port = await freePortFrom(3_500);
    const launcher = spawn(process.execPath, ['--no-warnings', 'tools/run.ts', 'start'], {
      cwd: ROOT,
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        PORT: String(port),
        LOG_LEVEL: 'warn',
        // Only the syncs that are asked for: one in the middle of another's time would be measured with it.
        SYNC_INTERVAL_SECONDS: '86400',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const product = new Product(launcher, `http://localhost:${port}`);
    await until(READY_MS, async () =>
      fetch(`${product.url}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    await product.call('POST', 'setup', {
      organizationName: 'Benchmark',
      name: 'Benchmark',
      email: 'bench@example.com',
      password: PASSWORD,
    });
    return product;
  }

  /** Saves the connection, which starts the first sync, and waits for its end. */
  async connect(trackingServerUrl: string): Promise<Run> {
    await this.call('PUT', 'integrations/mlflow', {
      trackingServerUrl,
      authMethod: 'none',
      requestTimeoutSeconds: 300,
    });
    return this.ended(await this.newest());
  }

  async sync(): Promise<Run> {
    return this.ended((await this.call('POST', 'integrations/mlflow/sync')) as Run);
  }

  async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        cookie: this.cookie,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** The most memory that the worker has held at once, in MiB. */
  workerPeak(): number {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(
      readFileSync(`/proc/${this.pidOf('worker/main.js')}/status`, 'utf8'),
    );
    return Number(kilobytes?.[1] ?? 0) / 1024;
  }

  cpu(): Cpu {
    const worker = this.pidOf('worker/main.js');
    const postmaster = processes().find(
      ({ args }) => args.includes('bin/postgres -D') && args.includes(this.dataDirOf()),
    );
    return { worker: cpuOf(worker), postgres: postmaster ? cpuOfTree(postmaster.pid) : Number.NaN };
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.launcher.once('exit', done));
    this.launcher.kill('SIGTERM');
    await ended;
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

  private pidOf(program: string): number {
    const found = processes().find(
      ({ args, parent }) => parent === this.launcher.pid && args.includes(program),
    );
    if (!found) throw new Error(`No process of ${program}.`);
    return found.pid;
  }

  private dataDirOf(): string {
    const environment = readFileSync(`/proc/${this.launcher.pid}/environ`, 'utf8').split('\0');
    return environment.find((line) => line.startsWith('DATA_DIR='))?.slice('DATA_DIR='.length) ?? '';
  }
}

interface Process {
  pid: number;
  parent: number;
  args: string;
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(fieldsOf(Number(name))[1]), args }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** From the state on: the name before it may hold blanks. */
function fieldsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
}

function cpuOf(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** With what its ended children used, and those that still run. */
function cpuOfTree(pid: number): number {
  const fields = fieldsOf(pid);
  const ended = (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  const children = processes().filter(({ parent }) => parent === pid);
  return cpuOf(pid) + ended + children.reduce((sum, child) => sum + cpuOf(child.pid), 0);
}

async function until(within: number, look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + within; Date.now() < deadline;) {
    if (await look()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('It did not happen in time.');
}
