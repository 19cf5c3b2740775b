import type { Actor } from '@vw/audit';
import { MlflowConnection, MlflowWebhook } from '@vw/mlflow-connection';
import type { AuditEventPage, Connection, ProblemDetails, SyncRun } from '@vw/shared-contracts';
import {
  describeWithMlflow,
  eventually,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { TestHooks } from './test-hooks';

const WORKER: Actor = { id: null, name: null, via: 'worker' };
const READER = { username: 'reader', password: 'reader-pass-1234' };

describeWithMlflow('the registration of a webhook at a real MLflow', () => {
  let hooks: TestHooks;
  /** As it is installed: https and public addresses only, and accounts. */
  let strict: TestMlflow;

  const registered = async (): Promise<{ name: string; url: string }[]> =>
    ((await hooks.mlflow.api.call('GET', 'webhooks')) as { webhooks?: { name: string; url: string }[] })
      .webhooks ?? [];
  const sync = async (): Promise<SyncRun> =>
    hooks.work((await hooks.call('POST', '/integrations/mlflow/sync')).json<SyncRun>());
  const stored = () =>
    hooks.api.test.asSuperuser(
      `SELECT slot AS what FROM credential UNION ALL SELECT state FROM mlflow_webhook`,
    );

  beforeAll(async () => {
    [hooks, strict] = await Promise.all([TestHooks.start(), startTestMlflow({ appName: 'basic-auth' })]);
    await hooks.mlflow.api.createModel('credit-risk-pd');
    await hooks.mlflow.api.createVersion('credit-risk-pd');
    await strict.api.createUser(READER.username, READER.password);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(async () => {
    hooks.proxy.reset();
    await hooks.api.test.asSuperuser('DELETE FROM attempt_limit');
  });

  afterAll(async () => {
    await hooks?.stop();
    await strict?.stop();
  });

  it('needs a connection', async () => {
    expect((await hooks.set(true)).json<ProblemDetails>()).toMatchObject({
      status: 409,
      code: 'not-configured',
    });
  });

  it('says what to do where the account may not register one, and stores nothing', async () => {
    await hooks.connect({ trackingServerUrl: strict.url, authMethod: 'basic', ...READER });
    const before = await stored();
    expect((await hooks.set(true)).json<ProblemDetails>()).toMatchObject({
      status: 422,
      code: 'mlflow-forbidden',
      detail: expect.stringContaining("connect with one of MLflow's administrators"),
    });
    expect(await stored()).toEqual(before);
  });

  it('says what to do where MLflow refuses the address, and stores nothing', async () => {
    await hooks.connect({ trackingServerUrl: strict.url, authMethod: 'basic', ...strict.adminAuth });
    const before = await stored();
    expect((await hooks.set(true)).json<ProblemDetails>()).toMatchObject({
      status: 422,
      code: 'invalid-input',
      detail: expect.stringContaining('must be https and public. Set PUBLIC_URL'),
    });
    expect(await stored()).toEqual(before);
    expect((await hooks.connection()).webhook).toEqual({
      enabled: false,
      lastDeliveryAt: null,
      leftAtMlflow: false,
    });
  });

  it('says so where MLflow cannot deliver its example, and leaves nothing at MLflow', async () => {
    await hooks.connect({ trackingServerUrl: hooks.mlflow.url, authMethod: 'none' });
    const [first] = await hooks.runs('scheduled');
    expect(await hooks.work(first)).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    hooks.proxy.on({ match: '/hooks/', fault: { kind: 'status', status: 403 } });
    expect((await hooks.set(true)).json<ProblemDetails>()).toMatchObject({
      status: 422,
      detail: expect.stringContaining('MLflow could not deliver to'),
    });
    expect(await registered()).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it('registers at MLflow, takes its example without a sync, and keeps that in the trail', async () => {
    const answer = await hooks.set(true);
    expect(answer.json<Connection>().webhook).toEqual({
      enabled: true,
      lastDeliveryAt: null,
      leftAtMlflow: false,
    });
    expect(answer.text).not.toContain(await hooks.id());
    expect(await registered()).toEqual([
      expect.objectContaining({
        name: `verifywise-${hooks.orgId}`,
        url: `${hooks.proxy.url}/api/v1/hooks/mlflow/${await hooks.id()}`,
      }),
    ]);
    expect(hooks.proxy.requests).toHaveLength(1);
    expect(await hooks.runs()).toEqual([]);
    const trail = (await hooks.call('GET', '/audit/events?action=webhook.enabled')).json<AuditEventPage>();
    expect(trail.items).toHaveLength(1);
    expect((await hooks.set(true)).status).toBe(200);
    expect(await registered()).toHaveLength(1);
  });

  it('deletes the registration and the secret when it is turned off', async () => {
    const id = await hooks.id();
    const body = JSON.stringify({ data: { name: 'credit-risk-pd' } });
    const headers = await hooks.signed(body);
    expect((await hooks.set(false)).json<Connection>().webhook).toMatchObject({
      enabled: false,
      leftAtMlflow: false,
    });
    expect(await registered()).toEqual([]);
    expect(await stored()).toEqual([]);
    expect((await hooks.deliver(id, headers, body)).statusCode).toBe(404);
    const trail = (await hooks.call('GET', '/audit/events?action=webhook.disabled')).json<AuditEventPage>();
    expect(trail.items).toHaveLength(1);
  });

  it('is off after a whole read that does not find it at MLflow any more, and on again by the switch', async () => {
    expect((await hooks.set(true)).status).toBe(200);
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect((await hooks.connection()).webhook.enabled).toBe(true);
    const kept = (await hooks.mlflow.api.call('GET', 'webhooks')) as { webhooks: { webhook_id: string }[] };
    for (const { webhook_id } of kept.webhooks)
      await hooks.mlflow.api.call('DELETE', `webhooks/${webhook_id}`);
    // A run that still reads the server before says nothing of this one.
    const { client } = await hooks.api.app.get(MlflowConnection, { strict: false }).open(hooks.orgId);
    const before = { client, origin: strict.url, signal: new AbortController().signal };
    await hooks.api.app.get(MlflowWebhook, { strict: false }).checkRegistration(hooks.orgId, before, WORKER);
    expect((await hooks.connection()).webhook.enabled).toBe(true);
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect((await hooks.connection()).webhook).toMatchObject({ enabled: false, leftAtMlflow: false });
    const trail = (await hooks.call('GET', '/audit/events?action=webhook.lost')).json<AuditEventPage>();
    expect(trail.items).toMatchObject([{ actor: { via: 'worker' } }]);
    expect((await hooks.set(true)).status).toBe(200);
    expect(await registered()).toHaveLength(1);
    expect((await hooks.set(false)).status).toBe(200);
  });

  it('stands at MLflow where two Admins turn it on at once, and the first is told no', async () => {
    hooks.proxy.on({ match: '/hooks/', fault: { kind: 'delay', ms: 1_500 }, times: 1 });
    const first = hooks.set(true);
    await eventually(() => expect(hooks.proxy.requests).toHaveLength(1));
    expect((await hooks.set(true)).status).toBe(200);
    expect((await first).status).toBe(422);
    expect((await hooks.connection()).webhook).toMatchObject({ enabled: true });
    expect(await registered()).toEqual([
      expect.objectContaining({ url: expect.stringContaining(await hooks.id()) }),
    ]);
  });

  it('is turned off with another server', async () => {
    expect((await hooks.set(true)).status).toBe(200);
    await hooks.connect({ trackingServerUrl: strict.url, authMethod: 'basic', ...strict.adminAuth });
    expect((await hooks.connection()).webhook).toEqual({
      enabled: false,
      lastDeliveryAt: null,
      leftAtMlflow: false,
    });
    expect(await registered()).toEqual([]);
    await hooks.connect({ trackingServerUrl: hooks.mlflow.url, authMethod: 'none' });
  });

  it('is off here although MLflow is away, says so, and clears up once MLflow is back', async () => {
    const proxy = await startFaultProxy(hooks.mlflow.url);
    await hooks.connect({ trackingServerUrl: proxy.url, authMethod: 'none' });
    expect((await hooks.set(true)).status).toBe(200);
    proxy.on({ match: '', fault: { kind: 'reset' } });
    expect((await hooks.set(false)).json<Connection>().webhook).toMatchObject({
      enabled: false,
      leftAtMlflow: true,
    });
    expect(await registered()).toHaveLength(1);
    proxy.reset();
    expect((await hooks.set(true)).json<Connection>().webhook).toMatchObject({
      enabled: true,
      leftAtMlflow: false,
    });
    expect(await registered()).toHaveLength(1);
    await proxy.stop();
    expect((await hooks.call('DELETE', '/integrations/mlflow')).status).toBe(204);
    expect((await hooks.connection()).webhook).toMatchObject({ enabled: false, leftAtMlflow: false });
  });
});
