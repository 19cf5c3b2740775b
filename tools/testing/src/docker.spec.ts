import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Env } from '@vw/platform';
import { parse } from 'yaml';
import { MALLOC, NODE_FLAGS } from '../../launch/node-flags.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
  deploy?: { replicas: number };
}
interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

/** What the image holds, by the folder that a build leaves in dist. */
const BUILDS: Readonly<Record<string, string>> = {
  'dist/apps/api': 'api',
  'dist/apps/worker': 'worker',
  'dist/apps/web': 'web',
  'dist/tools/commands': 'commands',
};

describe('the image and its compose file', () => {
  const compose: Compose = parse(read('docker/compose.yml'), { merge: true });
  const dockerfile = read('docker/Dockerfile');
  const services = Object.entries(compose.services);
  const ours = services.filter(([, { image }]) => image === 'verifywise-mlflow');

  it('run the API, two workers and the migration before them, beside Postgres and Valkey', () => {
    expect(services.map(([name]) => name)).toEqual(['postgres', 'valkey', 'migrate', 'api', 'worker']);
    expect(compose.services['worker']?.deploy).toEqual({ replicas: 2 });
    for (const name of ['api', 'worker']) {
      expect(compose.services[name]?.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        valkey: { condition: 'service_healthy' },
      });
    }
    for (const name of ['postgres', 'valkey']) expect(compose.services[name]).toHaveProperty('healthcheck');
  });

  it('start only what the build leaves, on a read-only file system without rights of root', () => {
    expect(ours.map(([name, { command }]) => [name, command])).toEqual([
      ['migrate', ['node', 'dist/tools/commands/main.js', 'db:migrate']],
      ['api', ['node', 'dist/apps/api/main.js']],
      ['worker', ['./worker.sh']],
    ]);
    for (const [, { read_only, cap_drop }] of ours) expect([read_only, cap_drop]).toEqual([true, ['ALL']]);
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*health\.mjs/m);
    expect(dockerfile).toContain('CMD ["node", "dist/apps/api/main.js"]');
  });

  it('start the worker in place of its script, with what bounds its memory everywhere else', () => {
    expect(dockerfile).toMatch(/^COPY .*docker\/worker\.sh apps\/worker\/node\.flags \.\/$/m);
    const folder = mkdtempSync(join(tmpdir(), 'vw-docker-'));
    for (const file of ['docker/worker.sh', 'apps/worker/node.flags'])
      cpSync(join(ROOT, file), join(folder, basename(file)));
    mkdirSync(join(folder, 'dist/apps/worker'), { recursive: true });
    const told =
      'console.log(JSON.stringify([process.ppid, process.execArgv, process.env.MALLOC_ARENA_MAX]))';
    writeFileSync(join(folder, 'dist/apps/worker/main.js'), told);
    const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
    const output = execFileSync('./worker.sh', { cwd: folder, env: { PATH }, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual([process.pid, NODE_FLAGS.worker, MALLOC.worker['MALLOC_ARENA_MAX']]);
    expect(NODE_FLAGS.worker).toContain('--max-old-space-size=1024');
    rmSync(folder, { recursive: true });
  });

  it('copy and build only what there is', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    const built = /nx run-many -t build -p (.+)$/m.exec(dockerfile)?.[1]?.split(' ');
    expect(built).toEqual(Object.values(BUILDS));
    const kept = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+) \1$/gm)].map(
      ([, folder]) => folder,
    );
    expect(kept).toEqual(Object.keys(BUILDS));
    for (const file of ['docker/health.mjs', 'docker/postgres-roles.sh', 'docker/make-secrets.sh']) {
      expect(statSync(join(ROOT, file)).isFile()).toBe(true);
    }
    expect(read('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['docker/secrets', '.data', 'node_modules']),
    );
  });

  it('find every secret where the script puts it, in a form that the start accepts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vw-docker-'));
    cpSync(join(ROOT, 'docker/make-secrets.sh'), join(folder, 'make-secrets.sh'));
    execFileSync('sh', [join(folder, 'make-secrets.sh')]);
    const made = readdirSync(join(folder, 'secrets'));
    const first = readFileSync(join(folder, 'secrets/encryption_keys'), 'utf8');
    execFileSync('sh', [join(folder, 'make-secrets.sh')]);
    expect(readFileSync(join(folder, 'secrets/encryption_keys'), 'utf8')).toBe(first);

    expect(Object.keys(compose.secrets).sort()).toEqual([...made].sort());
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
    const used = services.flatMap(([, { secrets = [] }]) => secrets);
    expect(new Set(used)).toEqual(new Set(made));

    const { environment = {} } = compose.services['api'] ?? {};
    const inFolder = Object.entries(environment).map(([name, value]) => [
      name,
      value.replace('/run/secrets', join(folder, 'secrets')).replace(/\$\{\w+:-(.*)\}/, '$1'),
    ]);
    const env = new Env(Object.fromEntries(inFolder));
    expect(env.databaseUrl).toMatch(/^postgres:\/\/verifywise_app:[0-9a-f]{48}@postgres:5432\/verifywise$/);
    expect(env.queueUrl).toMatch(/^redis:\/\/:[0-9a-f]{48}@valkey:6379$/);
    expect(env.encryptionKeys).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  it('are built and started by the pipeline', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml'));
    const steps: { run?: string }[] = jobs.image.steps;
    expect(steps.map(({ run }) => run ?? '').join('\n')).toMatch(
      /docker\/make-secrets\.sh[\s\S]*up --build --detach/,
    );
  });
});
