import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  describeWithMlflow,
  dumpDatabase,
  MLFLOW_START_TIMEOUT_MS,
  seedDemoRegistry,
  startFaultProxy,
  startTestMlflow,
  type FaultProxy,
  type TestMlflow,
} from '@vw/testing';
import { OWN_SETTINGS } from '../../../tools/launch/environment.ts';
import { startStack, type Stack } from './stack';

const ROOT = resolve(import.meta.dirname, '../../..');
const USER = `canary-user-${randomBytes(6).toString('hex')}`;
const PASSWORD = `canary "pass" ü ${randomBytes(9).toString('hex')}`;
const TOKEN = `canary-token-${randomBytes(12).toString('hex')}`;

/** All that tells of the connection, of its use or of the API. */
const DOCUMENTS = [
  ...['integrations/mlflow', 'integrations/mlflow/sync-runs', '/api/openapi.json', '/health/ready'],
  ...['audit/events', 'audit/events.csv', 'audit/events.jsonl'],
];

/** Every spelling in which a secret could have got somewhere. */
function spellings(secret: string): string[] {
  const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
  return [
    secret,
    base64(secret),
    base64(`${USER}:${secret}`),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('hex'),
  ];
}

const spellingsIn = (text: string, secret: string): string[] =>
  spellings(secret).filter((spelling) => text.includes(spelling));

/** How secrets get out: every spelling once, each made otherwise than there. */
function leaks(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  return [
    `the password is ${secret}!`,
    `secret: ${btoa(String.fromCharCode(...bytes))}`,
    `authorization: Basic ${Buffer.concat([Buffer.from(`${USER}:`), bytes]).toString('base64')}`,
    Object.assign(new URL('http://127.0.0.1:9'), { username: USER, password: secret }).href,
    new URLSearchParams({ secret, method: 'basic' }).toString(),
    JSON.stringify({ headers: { authorization: `Bearer ${secret}` } }),
    `\\x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  ];
}

describeWithMlflow('a stored credential', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let stack: Stack;
  let cookie = '';
  const replies: string[] = [];

  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const answer = await fetch(new URL(path, `${stack.url}/api/v1/`), {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        cookie,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    replies.push(JSON.stringify([...answer.headers]), await answer.clone().text());
    return answer;
  };
  const synced = async (): Promise<void> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const page = (await (await call('GET', 'integrations/mlflow/sync-runs?limit=1')).json()) as {
        items: { finishedAt: string | null }[];
      };
      if (page.items[0]?.finishedAt) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error('no sync ended');
  };

  beforeAll(async () => {
    mlflow = await startTestMlflow();
    await seedDemoRegistry(mlflow.url);
    proxy = await startFaultProxy(mlflow.url);
    stack = await startStack({ logLevel: 'trace' });
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await stack?.stop();
    await proxy?.stop();
    await mlflow?.stop();
  });

  it('appears in no log, no reply, no table and no file, whatever happens to it', async () => {
    const person = { name: 'Å', email: 'a@norrfjard.example', password: 'a passphrase of some length' };
    expect((await call('POST', 'setup', { organizationName: 'Norrfjärd', ...person })).status).toBe(201);
    const settings = { trackingServerUrl: proxy.url };
    expect(
      (await call('PUT', 'integrations/mlflow', { ...settings, authMethod: 'token', apiToken: TOKEN }))
        .status,
    ).toBe(200);
    await synced();
    const basic = { ...settings, authMethod: 'basic', username: USER, password: PASSWORD };
    expect((await call('PUT', 'integrations/mlflow', basic)).status).toBe(200);
    await synced();

    proxy.on({ match: '', fault: { kind: 'echo' } });
    expect(await (await call('POST', 'integrations/mlflow/test')).json()).toMatchObject({ status: 'error' });
    expect(await (await call('POST', 'integrations/mlflow/test', basic)).json()).toMatchObject({
      status: 'error',
    });
    await call('POST', 'integrations/mlflow/sync');
    execFileSync('pkill', ['-KILL', '-P', String(stack.pid), '-f', 'worker/main.js']);
    await synced();
    const userinfo = `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:9`;
    expect(
      (await call('PUT', 'integrations/mlflow', { trackingServerUrl: userinfo, authMethod: 'none' })).status,
    ).toBe(422);
    for (const path of DOCUMENTS) expect([path, (await call('GET', path)).status]).toEqual([path, 200]);

    const keys = join(stack.dataDir, 'encryption-keys');
    writeFileSync(keys, `k2:${randomBytes(32).toString('base64')},${readFileSync(keys, 'utf8')}`);
    const resealed = execFileSync(process.execPath, ['--no-warnings', 'tools/run.ts', 'vault', 'reseal'], {
      cwd: ROOT,
      env: { ...process.env, ...OWN_SETTINGS, DATA_DIR: stack.dataDir },
      encoding: 'utf8',
    });
    expect(resealed).toContain('1 credentials resealed with k2');

    const sent = proxy.requests.map(({ headers }) => String(headers.authorization)).join('\n');
    expect(spellingsIn(sent, TOKEN)).toContain(TOKEN);
    expect(spellingsIn(sent, PASSWORD)).toEqual([spellings(PASSWORD)[2]]);
    const places = {
      logs: stack.output(),
      commands: resealed,
      replies: replies.join('\n'),
      tables: await dumpDatabase(stack.dataDir),
      files: rawFiles(stack.dataDir),
    };
    // The places are what they are called: what may stand there does.
    expect(places.tables).toContain(USER);
    expect(places.files).toContain(USER);
    expect(places.replies).toContain(USER);
    expect(places.replies).toContain('connection.saved');
    expect(places.logs).toContain('sync ended');
    for (const [place, text] of Object.entries(places)) {
      for (const secret of [TOKEN, PASSWORD]) {
        expect([place, spellingsIn(text, secret)]).toEqual([place, []]);
        // The control: the same look finds what is there, in every spelling.
        expect([place, spellingsIn([text, ...leaks(secret)].join('\n'), secret)]).toEqual([
          place,
          spellings(secret),
        ]);
      }
    }
  }, 240_000);
});

/** Every byte under the folder, WAL and logs of Postgres included. */
function rawFiles(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
