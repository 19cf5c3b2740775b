import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  describeWithMlflow,
  dumpDatabase,
  eventually,
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
/** Put into one place each by the spec itself: whoever looks for a secret has to find these there. */
const IN_TEXT = `planted "text" ü ${randomBytes(9).toString('hex')}`;
const IN_JSON = `planted "json" ü ${randomBytes(9).toString('hex')}`;
const IN_FILE = `planted "file" ü ${randomBytes(9).toString('hex')}`;

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

  /** What goes wrong with what is saved: a server repeats it, and a worker dies with it at hand. */
  const hurt = async (settings: object): Promise<void> => {
    proxy.on({ match: '', fault: { kind: 'echo' } });
    for (const tested of [undefined, settings]) {
      const answer = await call('POST', 'integrations/mlflow/test', tested);
      expect(await answer.json()).toMatchObject({ status: 'error' });
    }
    const before = proxy.requests.length;
    await call('POST', 'integrations/mlflow/sync');
    await eventually(async () => expect(proxy.requests.length).toBeGreaterThan(before));
    execFileSync('pkill', ['-KILL', '-P', String(stack.pid), '-f', 'worker/main.js']);
  };
  /** Under a new key. Answers what the command prints. */
  const reseal = (kid: string): string => {
    const keys = join(stack.dataDir, 'encryption-keys');
    writeFileSync(keys, `${kid}:${randomBytes(32).toString('base64')},${readFileSync(keys, 'utf8')}`);
    const printed = execFileSync(process.execPath, ['--no-warnings', 'tools/run.ts', 'vault', 'reseal'], {
      cwd: ROOT,
      env: { ...process.env, ...OWN_SETTINGS, DATA_DIR: stack.dataDir },
      encoding: 'utf8',
    });
    expect(printed).toContain(`1 credentials resealed with ${kid}`);
    return printed;
  };
  const sent = (): string => proxy.requests.map(({ headers }) => String(headers.authorization)).join('\n');
  const plant = async (): Promise<void> => {
    const rows = (secret: string): string =>
      leaks(secret)
        .map((leak) => `($leak$${leak}$leak$)`)
        .join(', ');
    await stack.asSuperuser(
      `CREATE TABLE planted (words text, document jsonb);
       INSERT INTO planted (words) VALUES ${rows(IN_TEXT)};
       INSERT INTO planted (document) SELECT jsonb_build_object('said', leak) FROM (VALUES ${rows(IN_JSON)}) AS l (leak)`,
    );
    writeFileSync(join(stack.dataDir, 'planted'), leaks(IN_FILE).join('\n'));
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
    const token = { ...settings, authMethod: 'token', apiToken: TOKEN };
    expect((await call('PUT', 'integrations/mlflow', token)).status).toBe(200);
    await synced();
    await hurt(token);
    const resealed = [reseal('k2')];
    expect(spellingsIn(sent(), TOKEN)).toContain(TOKEN);

    proxy.reset();
    const basic = { ...settings, authMethod: 'basic', username: USER, password: PASSWORD };
    expect((await call('PUT', 'integrations/mlflow', basic)).status).toBe(200);
    await synced();
    await hurt(basic);
    await synced();
    const userinfo = `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:9`;
    expect(
      (await call('PUT', 'integrations/mlflow', { trackingServerUrl: userinfo, authMethod: 'none' })).status,
    ).toBe(422);
    for (const path of DOCUMENTS) expect([path, (await call('GET', path)).status]).toEqual([path, 200]);
    resealed.push(reseal('k3'));
    expect(spellingsIn(sent(), PASSWORD)).toEqual([spellings(PASSWORD)[2]]);

    await plant();
    const places = {
      logs: stack.output(),
      commands: resealed.join('\n'),
      replies: replies.join('\n'),
      tables: await dumpDatabase(stack.dataDir),
      files: rawFiles(stack.dataDir),
    };
    expect(spellingsIn(places.tables, IN_TEXT)).toEqual(spellings(IN_TEXT));
    // All but the plain one, which JSON spells in its own way.
    expect(spellingsIn(places.tables, IN_JSON)).toEqual(spellings(IN_JSON).slice(1));
    expect(spellingsIn(places.files, IN_FILE)).toEqual(spellings(IN_FILE));
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
