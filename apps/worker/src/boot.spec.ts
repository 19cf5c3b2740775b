import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import {
  createTestDatabase,
  eventually,
  startApiProcess,
  startWorkerProcess,
  type AppProcess,
  type TestDatabase,
} from '@vw/testing';

const ROOT = resolve(import.meta.dirname, '../../..');
const key = (kid: string, fill: number): string => `${kid}:${Buffer.alloc(32, fill).toString('base64')}`;
const KEY = key('k1', 7);

/** Starts the built worker and returns how it ended and the lines it wrote to stderr. */
function start(env: Record<string, string>): { status: number | null; lines: string[] } {
  const ended = spawnSync(process.execPath, [resolve(ROOT, 'dist/apps/worker/main.js')], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 50_000,
  });
  return { status: ended.status, lines: ended.stderr.trim().split('\n') };
}

describe('a start that cannot succeed', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterAll(() => test?.drop());

  const cases: [string, () => Record<string, string>, string][] = [
    ['no key', () => ({ DATABASE_URL: test.url }), 'ENCRYPTION_KEYS is not set'],
    [
      'a short key',
      () => ({ DATABASE_URL: test.url, ENCRYPTION_KEYS: 'k1:c2hvcnQ=' }),
      'each of exactly 32 bytes',
    ],
    ['no database', () => ({ ENCRYPTION_KEYS: KEY }), 'DATABASE_URL is not set'],
    [
      'a database that does not answer',
      () => ({ DATABASE_URL: 'postgres://app:planted-secret@127.0.0.1:9/x', ENCRYPTION_KEYS: KEY }),
      'cannot be used (ECONNREFUSED)',
    ],
    [
      'a superuser',
      () => ({ DATABASE_URL: test.adminUrl, ENCRYPTION_KEYS: KEY }),
      'row level security does not bind',
    ],
    [
      'an unknown word',
      () => ({ DATABASE_URL: test.url, ENCRYPTION_KEYS: KEY, EGRESS_POLICY: 'open' }),
      'EGRESS_POLICY must be one of private, public, list',
    ],
    [
      'a queue of another kind',
      () => ({ DATABASE_URL: test.url, ENCRYPTION_KEYS: KEY, QUEUE_URL: 'amqp://u:planted-secret@queue' }),
      'QUEUE_URL must be a redis:// or rediss:// URL',
    ],
    [
      'an allowed network that is none',
      () => ({ DATABASE_URL: test.url, ENCRYPTION_KEYS: KEY, EGRESS_ALLOW: 'mlflow.example, 10.0.0.0/40' }),
      'EGRESS_ALLOW: "10.0.0.0/40" is no host, address or CIDR network',
    ],
    [
      'a denied URL in place of a host',
      () => ({ DATABASE_URL: test.url, ENCRYPTION_KEYS: KEY, EGRESS_DENY: 'http://mlflow' }),
      'EGRESS_DENY: "http://mlflow" is no host, address or CIDR network',
    ],
  ];

  it.each(cases)('with %s is refused in one line that says why', (_name, env, reason) => {
    const { status, lines } = start(env());
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'start refused',
      reason: expect.stringContaining(reason),
    });
    expect(lines[0]).not.toContain('planted-secret');
  });
});

describe.each(['api', 'worker'] as const)('a start of the %s with other keys than before', (app) => {
  let test: TestDatabase;
  const started: AppProcess[] = [];

  const start = async (...keys: string[]): Promise<AppProcess> => {
    const options = {
      databaseUrl: test.url,
      env: { ENCRYPTION_KEYS: keys.join(), LOG_LEVEL: 'info' },
    };
    const one = app === 'api' ? await startApiProcess(options) : startWorkerProcess(options);
    started.push(one);
    return one;
  };
  const expectServed = async (...keys: string[]): Promise<void> => {
    const one = await start(...keys);
    await eventually(() => expect(one.log()).toContain(`${app} started`));
    one.signal('SIGTERM');
    expect(await one.exited).toBe(0);
  };

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterAll(async () => {
    for (const one of started) one.signal('SIGKILL');
    await Promise.all(started.map(({ exited }) => exited));
    await test?.drop();
  });

  it('is refused where a key that was used has other bytes, and succeeds where it has the same', async () => {
    await expectServed(KEY);
    for (const keys of [[key('k1', 8)], [key('k2', 9), key('k1', 8)]]) {
      const refused = await start(...keys);
      expect(await refused.exited).toBe(1);
      const line = refused
        .log()
        .split('\n')
        .find((text) => text.includes('start refused'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({
        reason: expect.stringContaining('the key "k1" has other bytes'),
      });
      for (const secret of keys) expect(refused.log()).not.toContain(secret.slice(3));
    }
    await expectServed(key('k3', 9), KEY);
  });

  it('succeeds without a key that was retired', async () => {
    await expectServed(key('k3', 9));
  });
});
