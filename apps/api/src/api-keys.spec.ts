import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Identity } from '@vw/identity';
import type {
  ApiKey,
  ApiKeyPage,
  ApiKeyScope,
  AuditEventPage,
  CreatedApiKey,
  Me,
} from '@vw/shared-contracts';
import { openApiDocument } from './open-api';
import { startTestApi, type TestApi } from './test-api';

const UNKNOWN = '018f0000-0000-7000-8000-000000000000';
const DAY_MS = 86_400_000;
const FORMAT = /^vw_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** What a reading key is kept from although an Auditor, or whoever is signed in, may read it: people, keys, the trail, oneself. */
const NOT_FOR_KEYS = /^\/(users|api-keys|audit|auth)(\/|$)/;
/** What the other scopes open. */
const OPENED: Record<string, ApiKeyScope> = {
  'POST /integrations/mlflow/sync': 'sync',
  'GET /governance/gate': 'gate',
};

interface Operation {
  'x-requires': string[];
  'x-key-scope'?: ApiKeyScope;
}

describe('API keys', () => {
  let api: TestApi;
  let admin: string;
  let me: Me;
  let stranger: string;

  const join = async (email: string): Promise<string> => {
    const identity = api.app.get(Identity, { strict: false });
    const { password } = await identity.createOrganization({ name: email, email });
    return api.signIn(email, password);
  };
  const make = async (scopes: ApiKeyScope[], more: object = {}): Promise<CreatedApiKey> => {
    const answer = await api.call('POST', '/api-keys', {
      cookie: admin,
      body: { name: 'ci-release-gate', scopes, ...more },
    });
    expect(answer.status).toBe(201);
    return answer.json<CreatedApiKey>();
  };
  const list = async () => (await api.call('GET', '/api-keys', { cookie: admin })).json<ApiKeyPage>();
  const summary = async (key: string) =>
    (await api.call('GET', '/model-inventory/mlflow/summary', { key })).status;
  const routes = async (): Promise<
    { route: string; method: string; path: string; operation: Operation }[]
  > => {
    const { paths } = await openApiDocument(api.app);
    return Object.entries(paths).flatMap(([pattern, item]) =>
      Object.entries(item as Record<string, Operation>).map(([verb, operation]) => {
        const [method, path] = [verb.toUpperCase(), pattern.replace('/api/v1', '')];
        return { route: `${method} ${path}`, method, path, operation };
      }),
    );
  };

  beforeAll(async () => {
    api = await startTestApi({ EGRESS_POLICY: 'private' });
    admin = await join('admin@x.example');
    me = (await api.call('GET', '/auth/me', { cookie: admin })).json<Me>();
    stranger = await join('stranger@y.example');
  });

  afterAll(() => api?.close());

  it('are shown once, and kept as a hash', async () => {
    const { key, ...made } = await make(['read', 'gate']);
    expect(made).toEqual({
      id: expect.any(String),
      name: 'ci-release-gate',
      scopes: ['read', 'gate'],
      createdAt: expect.any(String),
      createdBy: 'Admin',
      expiresAt: expect.any(String),
      lastUsedAt: null,
    });
    expect((await list()).items).toEqual([made]);
    const [, random = '', sum = ''] = FORMAT.exec(key) ?? [];
    const digits = [...sum].reduce(
      (value, digit) =>
        value * 62 + '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(digit),
      0,
    );
    expect(digits).toBe(crc32(random));
    const rows = await api.test.asSuperuser<{ hash: Buffer; text: string }>(
      `SELECT token_hash AS hash, k::text AS text FROM api_key k`,
    );
    expect(rows.map(({ hash }) => hash)).toEqual([createHash('sha256').update(key).digest()]);
    const [dump] = await api.test.asSuperuser<{ text: string }>(
      `SELECT string_agg(e.body, '') || (SELECT string_agg(k::text, '') FROM api_key k) AS text FROM audit_event e`,
    );
    expect(dump?.text).toContain('api-key.created');
    expect(dump?.text).not.toContain(random);
  });

  it('open each route to the scope that it declares, and nothing else', async () => {
    const keys = await Promise.all(
      (['read', 'sync', 'gate'] as const).map(async (scope) => ({ scope, ...(await make([scope])) })),
    );
    for (const { route, method, path, operation } of await routes()) {
      if (operation['x-requires'].includes('anyone') || path === '/live') continue;
      for (const { scope, key } of keys) {
        const { status } = await api.call(method, path.replace('{id}', UNKNOWN), { key });
        const may = scope === operation['x-key-scope'];
        expect([route, scope, status === 403 ? 'denied' : 'allowed']).toEqual([
          route,
          scope,
          may ? 'allowed' : 'denied',
        ]);
        expect(status).not.toBe(401);
      }
    }
    const both = await make(['read', 'sync']);
    expect((await api.call('POST', '/integrations/mlflow/sync', { key: both.key })).status).toBe(409);
    expect(await summary(both.key)).toBe(200);
  });

  it('read what an Auditor reads, without people, keys and trail; sync and gate open one route each', async () => {
    for (const { route, method, path, operation } of await routes()) {
      const reads = operation['x-requires'].some((who) => who === 'auditor' || who === 'member');
      const isRead = method === 'GET' && reads && !NOT_FOR_KEYS.test(path);
      expect([route, operation['x-key-scope']]).toEqual([
        route,
        OPENED[route] ?? (isRead ? 'read' : undefined),
      ]);
    }
  });

  it('act as themselves in the trail', async () => {
    const { id, key } = await make(['read', 'sync']);
    // A made-up connection, for a sync needs one; nobody runs it here.
    await api.test.asSuperuser(
      `INSERT INTO mlflow_connection (org_id, tracking_server_url, request_timeout_seconds, auth_method, verify_tls, poll_seconds, next_sync_at)
       VALUES ($1, 'http://127.0.0.1:9', 30, 'none', true, 0, now())`,
      [me.organization.id],
    );
    const asked = await api.call('POST', '/integrations/mlflow/sync', { key });
    expect([asked.status, asked.json()]).toMatchObject([202, { requestedBy: 'ci-release-gate' }]);
    const page = await api.call('GET', `/audit/events?actor=${id}`, { cookie: admin });
    expect(page.json<AuditEventPage>().items).toMatchObject([
      { action: 'sync.requested', actor: { id, name: 'ci-release-gate', via: 'api-key' } },
    ]);
    await api.call('DELETE', `/api-keys/${id}`, { cookie: admin });
    const later = await api.call('GET', `/audit/events?actor=${id}`, { cookie: admin });
    expect(later.json<AuditEventPage>().items[0]?.actor.name).toBe('ci-release-gate');
  });

  it('count alone: a session beside one changes nothing', async () => {
    const { key } = await make(['read']);
    expect((await api.call('GET', '/users', { key, cookie: admin })).status).toBe(403);
    for (const authorization of ['Bearer nonsense', 'Basic YTpi', 'Bearer', '']) {
      const answer = await api.call('GET', '/users', { cookie: admin, headers: { authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
    }
  });

  it('come from anywhere: the origin rule is for browsers', async () => {
    const { key } = await make(['sync']);
    const headers = {
      authorization: `bearer ${key}`,
      origin: 'https://ci.example',
      'sec-fetch-site': 'cross-site',
    };
    expect((await api.call('POST', '/integrations/mlflow/sync', { headers })).status).toBe(202);
  });

  it('open nothing when mistyped, unknown, revoked or past their end', async () => {
    const { key, id } = await make(['read']);
    expect(await summary(key)).toBe(200);
    const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    const other = (await make(['read'])).key;
    for (const wrong of [
      mistyped,
      key.slice(0, -1),
      `${key}0`,
      key.toUpperCase(),
      other.slice(0, 46) + key.slice(46),
    ]) {
      expect(await summary(wrong)).toBe(401);
    }
    await api.test.asSuperuser('UPDATE api_key SET expires_at = now() WHERE id = $1', [id]);
    expect(await summary(key)).toBe(401);
    await api.test.asSuperuser(`UPDATE api_key SET expires_at = now() + interval '1 minute' WHERE id = $1`, [
      id,
    ]);
    expect(await summary(key)).toBe(200);
    expect((await api.call('DELETE', `/api-keys/${id}`, { cookie: admin })).status).toBe(204);
    expect(await summary(key)).toBe(401);
    expect((await list()).items.map((one) => one.id)).not.toContain(id);
    expect((await api.call('DELETE', `/api-keys/${id}`, { cookie: admin })).status).toBe(404);
  });

  it('cost no look into the database when their checksum is wrong', async () => {
    const { key } = await make(['read']);
    const wrong = key.slice(0, -6) + (key.endsWith('000000') ? '000001' : '000000');
    // The hash of the wrong text is a key's: only the checksum keeps it out.
    await api.test.asSuperuser('UPDATE api_key SET token_hash = $1 WHERE token_hash = $2', [
      createHash('sha256').update(wrong).digest(),
      createHash('sha256').update(key).digest(),
    ]);
    expect(await summary(wrong)).toBe(401);
  });

  it('tell when they were last used, to the minute', async () => {
    const { id, key } = await make(['read']);
    const used = async (): Promise<string | null> =>
      (await list()).items.find((one: ApiKey) => one.id === id)?.lastUsedAt ?? null;
    expect(await used()).toBeNull();
    await summary(key);
    const first = await used();
    expect(Date.now() - Date.parse(first ?? '')).toBeLessThan(60_000);
    await summary(key);
    expect(await used()).toBe(first);
    await api.test.asSuperuser(
      `UPDATE api_key SET last_used_at = now() - interval '61 seconds' WHERE id = $1`,
      [id],
    );
    await summary(key);
    expect(Date.parse((await used()) ?? '')).toBeGreaterThanOrEqual(Date.parse(first ?? ''));
  });

  it('live for 90 days, or for what was asked: a year at most', async () => {
    const days = ({ expiresAt }: ApiKey): number => (Date.parse(expiresAt) - Date.now()) / DAY_MS;
    expect(days(await make(['read']))).toBeCloseTo(90, 1);
    expect(
      days(await make(['read'], { expiresAt: new Date(Date.now() + 365 * DAY_MS).toISOString() })),
    ).toBeCloseTo(365, 1);
    for (const [field, value] of [
      ['expiresAt', new Date(Date.now() + 367 * DAY_MS).toISOString()],
      ['expiresAt', new Date(Date.now() - 1).toISOString()],
      ['expiresAt', 'soon'],
      ['scopes', []],
      ['scopes', ['admin']],
      ['scopes', ['read', 'read']],
      ['scopes', 'read'],
      ['name', ''],
      ['name', 'a\u0000b'],
    ] as const) {
      const body = { name: 'k', scopes: ['read'], [field]: value };
      const answer = await api.call('POST', '/api-keys', { cookie: admin, body });
      expect([field, value, answer.status, answer.json()]).toMatchObject([
        field,
        value,
        422,
        { errors: [{ field }] },
      ]);
    }
  });

  it('belong to one organization', async () => {
    const { id, key } = await make(['read']);
    expect((await api.call('GET', '/api-keys', { cookie: stranger })).json()).toMatchObject({
      items: [],
      total: 0,
    });
    for (const wrong of [id, UNKNOWN, 'nonsense']) {
      expect((await api.call('DELETE', `/api-keys/${wrong}`, { cookie: stranger })).status).toBe(404);
    }
    expect(await summary(key)).toBe(200);
  });

  it('never make keys or touch people', async () => {
    const { key } = await make(['read', 'sync', 'gate']);
    const body = { name: 'k', scopes: ['read'] };
    expect((await api.call('POST', '/api-keys', { key, body })).status).toBe(403);
    expect(
      (await api.call('POST', '/users', { key, body: { name: 'n', email: 'n@x.example', role: 'admin' } }))
        .status,
    ).toBe(403);
    expect((await api.call('PUT', '/integrations/mlflow', { key, body: {} })).status).toBe(403);
    expect((await api.call('POST', '/auth/password', { key, body: {} })).status).toBe(403);
  });
});
