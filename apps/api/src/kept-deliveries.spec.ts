import type { SyncRun } from '@vw/shared-contracts';
import { RegistryWatch } from '@vw/sync-engine';
import {
  describeWithMlflow,
  eventually,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  type FaultProxy,
} from '@vw/testing';
import { TestHooks } from './test-hooks';

const NAME = 'credit-risk-pd';
const FOREVER = new AbortController().signal;

/** Tags, which no poll sees by itself. */
describeWithMlflow('a tag that MLflow delivers while it cannot be read', () => {
  let hooks: TestHooks;
  /** Between the API and MLflow. */
  let registry: FaultProxy;
  let tags = 0;

  const request = async (): Promise<SyncRun> =>
    (await hooks.call('POST', '/integrations/mlflow/sync')).json<SyncRun>();
  const poll = async (): Promise<SyncRun | null> => {
    const run = await hooks.api.app.get(RegistryWatch, { strict: false }).poll(hooks.orgId, FOREVER);
    return run && hooks.work(run);
  };
  const deliveredAt = async (): Promise<string | null> => (await hooks.connection()).webhook.lastDeliveryAt;
  /** Sets one, and waits until MLflow has delivered that. */
  const tag = async (): Promise<void> => {
    const before = await deliveredAt();
    tags += 1;
    await hooks.mlflow.api.setVersionTag(NAME, '1', `tag-${tags}`, 'x');
    await eventually(async () => expect(await deliveredAt()).not.toBe(before));
  };
  const expectReadOnce = async (): Promise<void> => {
    expect(await poll()).toMatchObject({ trigger: 'poll', status: 'succeeded', counts: { updated: 1 } });
    expect(await poll()).toBeNull();
  };

  beforeAll(async () => {
    hooks = await TestHooks.start();
    registry = await startFaultProxy(hooks.mlflow.url);
    await hooks.mlflow.api.createModel(NAME);
    const runId = await hooks.mlflow.api.createRun('0', { metrics: { auc: 0.87 } });
    await hooks.mlflow.api.createVersion(NAME, { runId });
    await hooks.connect({ trackingServerUrl: registry.url, authMethod: 'none' });
    expect((await hooks.set(true)).status).toBe(200);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(() => registry.reset());

  afterAll(async () => {
    await hooks?.stop();
    await registry?.stop();
  });

  it('is read by the next poll where it came after a first whole read had listed its version', async () => {
    registry.on({ match: 'runs/search', fault: { kind: 'delay', ms: 8_000 }, times: 1 });
    const working = hooks.work(await request());
    await eventually(() =>
      expect(registry.requests.some(({ url }) => url.includes('runs/search'))).toBe(true),
    );
    await tag();
    expect(await working).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    await expectReadOnce();
  }, 60_000);

  it('is read by the next poll where its run gave way to a sync that failed', async () => {
    await tag();
    const { id } = await hooks.waiting();
    const whole = await request();
    expect((await hooks.runs()).find((run) => run.id === id)).toMatchObject({ status: 'cancelled' });
    registry.on({ match: 'experiments/search', fault: { kind: 'html' } });
    expect(await hooks.work(whole)).toMatchObject({ status: 'failed' });
    registry.reset();
    expect((await hooks.call('POST', '/integrations/mlflow/test')).status).toBe(200);
    await expectReadOnce();
  }, 60_000);

  it('is read by the next poll that works where polls fail', async () => {
    registry.on({ match: '', fault: { kind: 'reset' } });
    expect(await poll()).toBeNull();
    registry.reset();
    await tag();
    expect(await hooks.runs()).not.toContainEqual(expect.objectContaining({ status: 'queued' }));
    await expectReadOnce();
  }, 60_000);

  it('is read by the next poll where its own run failed', async () => {
    await tag();
    registry.on({ match: 'registered-models/get', fault: { kind: 'rewrite', rewrite: () => '[]' } });
    expect(await hooks.work(await hooks.waiting())).toMatchObject({ status: 'failed' });
    registry.reset();
    await expectReadOnce();
  }, 60_000);

  it('is read with the next delivery where no poll comes first', async () => {
    await tag();
    registry.on({ match: 'registered-models/get', fault: { kind: 'rewrite', rewrite: () => '[]' } });
    expect(await hooks.work(await hooks.waiting())).toMatchObject({ status: 'failed' });
    registry.reset();
    expect((await hooks.call('POST', '/integrations/mlflow/test')).status).toBe(200);
    const before = await deliveredAt();
    await hooks.mlflow.api.createModel('mortgage');
    await eventually(async () => expect(await deliveredAt()).not.toBe(before));
    expect(await hooks.work(await hooks.waiting())).toMatchObject({
      status: 'succeeded',
      counts: { updated: 1 },
    });
    expect(await poll()).toBeNull();
  }, 60_000);

  it('is read once an Admin has acted where that is awaited', async () => {
    registry.on({ match: '', fault: { kind: 'html' } });
    expect(await poll()).toBeNull();
    registry.reset();
    expect(await hooks.connection()).toMatchObject({ status: 'action-required' });
    await tag();
    expect(await poll()).toBeNull();
    expect((await hooks.call('POST', '/integrations/mlflow/test')).status).toBe(200);
    await expectReadOnce();
  }, 60_000);

  it('is read by no poll where a sync that started later has read it', async () => {
    await tag();
    expect(await hooks.work(await request())).toMatchObject({ status: 'succeeded', counts: { updated: 1 } });
    expect(await poll()).toBeNull();
  }, 60_000);

  it('is forgotten with its server', async () => {
    await tag();
    await hooks.connect({ trackingServerUrl: hooks.mlflow.url, authMethod: 'none' });
    expect(await hooks.api.test.asSuperuser('SELECT FROM unread_delivery')).toEqual([]);
  }, 60_000);
});
