import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database } from '@vw/platform';
import type { Me, Role } from '@vw/shared-contracts';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { ACCESS } from './access';
import { createApi } from './create-api';
import { openApiDocument } from './open-api';

const PASSWORD = 'a passphrase of some length';
const OPENAPI = resolve(import.meta.dirname, '../openapi.json');
const UNKNOWN = '018f0000-0000-7000-8000-000000000000';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

/** Who may call what, from the table of routes. An Admin may everything; `all` is whoever is signed in. */
const MATRIX: Record<string, readonly Role[] | 'anyone' | 'all'> = {
  'GET /setup': 'anyone',
  'POST /setup': 'anyone',
  'POST /auth/sign-in': 'anyone',
  'POST /auth/sign-out': 'all',
  'GET /auth/me': 'all',
  'POST /auth/password': 'all',
  'GET /integrations/mlflow': ['reviewer', 'auditor'],
  'PUT /integrations/mlflow': [],
  'DELETE /integrations/mlflow': [],
  'POST /integrations/mlflow/test': [],
  'POST /integrations/mlflow/sync': [],
  'GET /integrations/mlflow/sync-runs': ['reviewer', 'auditor'],
  'GET /integrations/mlflow/sync-runs/{id}': ['reviewer', 'auditor'],
  'GET /integrations/mlflow/sync-runs/{id}/changes': ['reviewer', 'auditor'],
  'POST /integrations/mlflow/sync-runs/{id}/cancel': [],
  'GET /integrations/mlflow/sync-runs/{id}/held': ['reviewer', 'auditor'],
  'POST /integrations/mlflow/sync-runs/{id}/confirm-removals': [],
  'GET /live': 'all',
  'GET /model-inventory/mlflow/summary': 'all',
  'GET /model-inventory/mlflow/versions': 'all',
  'GET /model-inventory/mlflow/versions.csv': 'all',
  'GET /model-inventory/mlflow/versions/{id}': 'all',
  'GET /model-inventory/mlflow/versions/{id}/changes': 'all',
  'GET /model-inventory/mlflow/versions/{id}/metric-course': 'all',
  'GET /audit/events': ['auditor'],
  'GET /audit/events.csv': ['auditor'],
  'GET /audit/events.jsonl': ['auditor'],
  'GET /audit/verify': ['auditor'],
  'GET /users': [],
  'POST /users': [],
  'PATCH /users/{id}': [],
  'GET /api-keys': [],
  'POST /api-keys': [],
  'DELETE /api-keys/{id}': [],
  'GET /model-inventory/entries': 'all',
  'GET /model-inventory/entries/{id}': 'all',
  'PATCH /model-inventory/entries/{id}': ['reviewer'],
  'GET /governance/summary': ['reviewer', 'auditor'],
  'GET /governance/findings': ['reviewer', 'auditor'],
  'GET /governance/gaps': ['reviewer', 'auditor'],
  'GET /governance/versions/{id}': ['reviewer', 'auditor'],
  'GET /governance/rules': ['reviewer', 'auditor'],
  'POST /governance/attestations': ['reviewer'],
  'GET /governance/waivers': ['reviewer', 'auditor'],
  'POST /governance/waivers': ['reviewer'],
  'POST /governance/waivers/{id}/approve': ['reviewer'],
  'POST /governance/waivers/{id}/refuse': ['reviewer'],
  'POST /governance/waivers/{id}/withdraw': ['reviewer'],
  'GET /governance/gate': ['reviewer', 'auditor'],
  'PUT /integrations/mlflow/webhook': [],
  'POST /hooks/mlflow/{hookId}': 'anyone',
};

describe('the API', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;
  let admin: string;

  type Answer = {
    statusCode: number;
    headers: Record<string, unknown>;
    body: string;
    json(): Record<string, never>;
  };
  const call = async (
    method: string,
    path: string,
    options: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const answer = await app.inject({
      method: method as 'GET',
      url: path.startsWith('/health') || path.startsWith('/api/') || path === '/' ? path : `/api/v1${path}`,
      headers: { ...SAME_ORIGIN, ...(options.cookie ? { cookie: options.cookie } : {}), ...options.headers },
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });
    return answer as unknown as Answer;
  };
  const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';')[0] ?? '';
  const signIn = async (email: string): Promise<string> => {
    const answer = await call('POST', '/auth/sign-in', { body: { email, password: PASSWORD } });
    expect(answer.statusCode).toBe(200);
    return cookieOf(answer);
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    app = await createApi(test.env());
  });

  afterAll(async () => {
    await app?.close();
    await test?.drop();
  });

  it('sets up the first organization once, and signs its Admin in', async () => {
    expect((await call('GET', '/setup')).json()).toEqual({ required: true, tokenRequired: false });
    const input = {
      organizationName: 'Norrfjärd Bank',
      name: 'Åsa Lindqvist',
      email: 'asa@norrfjard.example',
      password: PASSWORD,
    };
    expect(
      (await call('POST', '/setup', { body: { ...input, password: 'too short' } })).json(),
    ).toMatchObject({
      code: 'invalid-input',
      status: 422,
      errors: [{ field: 'password' }],
    });
    const made = await call('POST', '/setup', { body: input });
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({
      name: 'Åsa Lindqvist',
      role: 'admin',
      organization: { name: 'Norrfjärd Bank' },
    });
    expect(made.headers['set-cookie']).toMatch(/^vw_session=.*HttpOnly.*SameSite=Strict/);
    admin = cookieOf(made);
    expect((await call('POST', '/setup', { body: input })).json()).toMatchObject({
      code: 'setup-done',
      status: 409,
    });
    expect((await call('GET', '/auth/me', { cookie: admin })).json()).toMatchObject({
      email: 'asa@norrfjard.example',
    });
  });

  it('declares for every route who may call it', async () => {
    const scanner = new MetadataScanner();
    const discovery = new DiscoveryService(app.get(ModulesContainer));
    const undeclared = discovery.getControllers().flatMap(({ instance, metatype }) =>
      scanner
        .getAllMethodNames(Object.getPrototypeOf(instance))
        .filter((name) => Reflect.hasMetadata('path', Reflect.get(instance as object, name) as object))
        .filter((name) => !Reflect.hasMetadata(ACCESS, Reflect.get(instance as object, name) as object))
        .map((name) => `${metatype?.name}.${name}`),
    );
    expect(undeclared).toEqual([]);
  });

  it('lets each role do what the table of routes says, and nothing else', async () => {
    const document = await openApiDocument(app);
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    expect(routes.sort()).toEqual(Object.keys(MATRIX).sort());
    const me = (await call('GET', '/auth/me', { cookie: admin })).json() as unknown as Me;
    const orgId = me.organization.id;
    await app.get(Database).orgTransaction(orgId, async (tx) => {
      for (const role of ['viewer', 'reviewer', 'auditor']) {
        await tx.execute(
          `INSERT INTO user_account (org_id, name, email, role, password_hash)
           SELECT $1, $2, $2 || '@norrfjard.example', $2, password_hash FROM user_account WHERE role = 'admin'`,
          [orgId, role],
        );
      }
    });
    const people = ['viewer', 'reviewer', 'auditor', 'admin'] as const;
    const signInAs = (role: Role): Promise<string> =>
      signIn(`${role === 'admin' ? 'asa' : role}@norrfjard.example`);
    const cookies = new Map<Role, string>();
    for (const role of people) cookies.set(role, await signInAs(role));
    for (const [route, allowed] of Object.entries(MATRIX)) {
      const [method = '', template = ''] = route.split(' ');
      if (template === '/live' || allowed === 'anyone') continue;
      const path = template.replace('{id}', UNKNOWN);
      expect([route, (await call(method, path)).statusCode]).toEqual([route, 401]);
      for (const role of people) {
        // The one route after which a session opens nothing more.
        const cookie = template === '/auth/sign-out' ? await signInAs(role) : cookies.get(role);
        const { statusCode } = await call(method, path, { ...(cookie ? { cookie } : {}) });
        const may = role === 'admin' || allowed === 'all' || allowed.includes(role);
        const isAdmitted = statusCode < 500 && statusCode !== 401 && statusCode !== 403;
        expect([route, role, isAdmitted ? 'admitted' : statusCode]).toEqual([
          route,
          role,
          may ? 'admitted' : 403,
        ]);
      }
    }
  });

  it('answers an unknown and a malformed id alike with 404', async () => {
    for (const id of [UNKNOWN, 'nonsense']) {
      for (const path of [
        `/model-inventory/mlflow/versions/${id}`,
        `/model-inventory/mlflow/versions/${id}/changes`,
        `/model-inventory/mlflow/versions/${id}/metric-course`,
        `/integrations/mlflow/sync-runs/${id}`,
        `/integrations/mlflow/sync-runs/${id}/changes`,
        `/model-inventory/entries/${id}`,
      ]) {
        const answer = await call('GET', path, { cookie: admin });
        expect([path, answer.statusCode, answer.json()['code']]).toEqual([path, 404, 'not-found']);
      }
    }
  });

  it('answers every error as a problem with a closed code and a reference', async () => {
    const broken = await call('POST', '/auth/sign-in', {
      headers: { 'content-type': 'application/json' },
      body: '{"email":',
    });
    expect([broken.statusCode, broken.json()['code']]).toEqual([400, 'malformed']);
    expect(broken.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(broken.json()['instance']).toMatch(/^req_/);
    const huge = await call('POST', '/auth/sign-in', { body: { email: 'a', password: 'x'.repeat(300_000) } });
    expect([huge.statusCode, huge.json()['code']]).toEqual([413, 'too-large']);
    const text = await call('POST', '/auth/sign-in', {
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    });
    expect([text.statusCode, text.json()['code']]).toEqual([415, 'unsupported-media-type']);
    const missing = await call('GET', '/nothing-here');
    expect([missing.statusCode, missing.json()['code']]).toEqual([404, 'not-found']);
    const unknown = await call('PUT', '/integrations/mlflow', {
      cookie: admin,
      body: { trackingServerUrl: 'http://x', authMethod: 'none', surprise: 1 },
    });
    expect(unknown.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'surprise' }] });
    const limit = await call('GET', '/model-inventory/mlflow/versions?limit=201', { cookie: admin });
    expect(limit.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'limit' }] });
    const cursor = await call('GET', '/model-inventory/mlflow/versions?cursor=abc', { cookie: admin });
    expect(cursor.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'cursor' }] });
  });

  it('refuses what other sites ask for with the session of a browser', async () => {
    const cross = await call('POST', '/auth/sign-out', {
      cookie: admin,
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect([cross.statusCode, cross.json()['code']]).toEqual([403, 'forbidden']);
    const noSite = { method: 'POST' as const, url: '/api/v1/integrations/mlflow/sync' };
    expect((await app.inject({ ...noSite, headers: { cookie: admin } })).statusCode).toBe(403);
    expect(
      (await app.inject({ ...noSite, headers: { cookie: admin, origin: 'http://evil.example' } })).statusCode,
    ).toBe(403);
    expect(
      (await app.inject({ ...noSite, headers: { cookie: admin, origin: 'http://localhost:3000' } }))
        .statusCode,
    ).toBe(409);
  });

  it('says that MLflow is not configured before it is', async () => {
    expect((await call('GET', '/integrations/mlflow', { cookie: admin })).json()).toMatchObject({
      status: 'not-configured',
      trackingServerUrl: null,
    });
    expect((await call('POST', '/integrations/mlflow/sync', { cookie: admin })).json()).toMatchObject({
      code: 'not-configured',
      status: 409,
    });
    expect((await call('POST', '/integrations/mlflow/test', { cookie: admin })).json()).toMatchObject({
      code: 'not-configured',
    });
    expect((await call('GET', '/model-inventory/mlflow/summary', { cookie: admin })).json()).toEqual({
      ...{
        models: 0,
        active: 0,
        staging: 0,
        experiments: 0,
        stages: { None: 0, Staging: 0, Production: 0, Archived: 0 },
      },
      ...{ lastSyncedAt: null, configured: false, stale: false, lastSync: null },
    });
  });

  it('locks an account for an address after five wrong passwords', async () => {
    const wrong = { email: 'nobody@norrfjard.example', password: 'wrong' };
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await call('POST', '/auth/sign-in', { body: wrong })).json()).toMatchObject({
        code: 'unauthenticated',
      });
    }
    expect((await call('POST', '/auth/sign-in', { body: wrong })).json()).toMatchObject({
      code: 'rate-limited',
      status: 429,
    });
  });

  it('ends a session at sign-out', async () => {
    const cookie = await signIn('viewer@norrfjard.example');
    expect((await call('POST', '/auth/sign-out', { cookie })).statusCode).toBe(204);
    expect((await call('GET', '/auth/me', { cookie })).statusCode).toBe(401);
  });

  it('tells whether it lives and is ready', async () => {
    expect((await call('GET', '/health/live')).json()).toEqual({ status: 'ok' });
    expect((await call('GET', '/health/ready')).json()).toEqual({ status: 'ok' });
  });

  it('serves the committed OpenAPI document, and a reader for it', async () => {
    const served = (await call('GET', '/api/openapi.json')).json();
    const text = `${JSON.stringify(served, null, 2)}\n`;
    if (process.env['UPDATE_OPENAPI']) writeFileSync(OPENAPI, text);
    expect(text).toBe(readFileSync(OPENAPI, 'utf8'));
    expect((await call('GET', '/api/docs')).statusCode).toBe(200);
  });
});
