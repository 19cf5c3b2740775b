import { randomBytes } from 'node:crypto';
import type { ModelVersionPage, ProblemDetails, SyncRun } from '@vw/shared-contracts';
import { describeWithMlflow, eventually, MLFLOW_START_TIMEOUT_MS } from '@vw/testing';
import { TestHooks } from './test-hooks';

const NAME = 'credit-risk-pd';

describeWithMlflow('what a real MLflow delivers', () => {
  let hooks: TestHooks;

  const wholeSync = async (): Promise<SyncRun> =>
    hooks.work((await hooks.call('POST', '/integrations/mlflow/sync')).json<SyncRun>());
  /** The model names of the runs that wait. */
  const named = (): Promise<{ names: string[] }[]> =>
    hooks.api.test.asSuperuser(
      `SELECT model_names AS names FROM sync_run WHERE trigger = 'webhook' AND status = 'queued'`,
    );

  beforeAll(async () => {
    hooks = await TestHooks.start();
    await hooks.mlflow.api.createModel(NAME);
    await hooks.mlflow.api.createVersion(NAME);
    await hooks.connect({ trackingServerUrl: hooks.mlflow.url, authMethod: 'none' });
    expect(await wholeSync()).toMatchObject({ status: 'succeeded' });
    expect((await hooks.set(true)).status).toBe(200);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(() => hooks.proxy.reset());

  afterAll(() => hooks?.stop());

  it('reads a version as soon as MLflow says that it is registered', async () => {
    await hooks.mlflow.api.createVersion(NAME, { description: 'second' });
    const run = await hooks.work(await hooks.waiting());
    expect(run).toMatchObject({
      trigger: 'webhook',
      status: 'succeeded',
      counts: { created: 1, updated: 0, unchanged: 1, removed: 0 },
    });
    const { items } = (
      await hooks.call('GET', `/model-inventory/mlflow/versions?search=${NAME}`)
    ).json<ModelVersionPage>();
    expect(items.map(({ version }) => version).sort()).toEqual(['1', '2']);
    expect((await hooks.connection()).webhook.lastDeliveryAt).not.toBeNull();
    expect((await hooks.connection()).lastScheduledSyncAt).toBe(
      (await hooks.runs('scheduled'))[0]?.startedAt,
    );
  });

  it('reads tags and aliases, which no poll sees, and many of them in one run', async () => {
    await hooks.mlflow.api.createModel('mortgage');
    await hooks.mlflow.api.createVersion('mortgage');
    for (const key of ['a', 'b', 'c']) await hooks.mlflow.api.setVersionTag(NAME, '1', key, 'x');
    await hooks.mlflow.api.setAlias(NAME, 'champion', '1');
    await eventually(async () => expect(hooks.proxy.requests).toHaveLength(6));
    await eventually(async () =>
      expect((await named()).flatMap(({ names }) => names).sort()).toEqual([`"${NAME}"`, '"mortgage"']),
    );
    expect(await named()).toHaveLength(1);
    expect(await hooks.work(await hooks.waiting())).toMatchObject({ counts: { created: 1, updated: 1 } });
    const { items } = (
      await hooks.call('GET', `/model-inventory/mlflow/versions?search=${NAME}&sort=version&order=asc`)
    ).json<ModelVersionPage>();
    expect(items[0]).toMatchObject({ version: '1', aliases: ['champion'], live: true });
  });

  it('takes once what MLflow repeats after an answer of 503', async () => {
    hooks.proxy.on({ match: '/hooks/', fault: { kind: 'status', status: 503 }, times: 1 });
    await hooks.mlflow.api.setVersionTag(NAME, '1', 'repeated', 'x');
    await eventually(async () => expect(hooks.proxy.requests).toHaveLength(2));
    const [refused, taken] = hooks.proxy.requests;
    expect(taken?.headers['x-mlflow-delivery-id']).toBe(refused?.headers['x-mlflow-delivery-id']);
    expect(await hooks.work(await hooks.waiting())).toMatchObject({ counts: { updated: 1 } });
    const before = await hooks.runs();
    const headers = Object.fromEntries(
      Object.entries(taken?.headers ?? {}).filter(([name]) => name.startsWith('x-mlflow-')),
    ) as Record<string, string>;
    expect((await hooks.deliver(await hooks.id(), headers, taken?.body ?? '')).statusCode).toBe(204);
    expect(await hooks.runs()).toEqual(before);
  });

  it('believes no delivery that is forged, stale, early or changed, and tells none of them why', async () => {
    const before = await hooks.runs();
    const id = await hooks.id();
    const body = JSON.stringify({ entity: 'model_version', action: 'created', data: { name: NAME } });
    const good = await hooks.signed(body);
    const late = await hooks.signed(body, Date.now() - 301_000);
    // Well ahead: on a busy machine seconds pass until it is looked at.
    const early = await hooks.signed(body, Date.now() + 360_000);
    const answers = await Promise.all([
      hooks.deliver(id, {}, body),
      hooks.deliver(id, { ...good, 'x-mlflow-signature': `v1,${randomBytes(32).toString('base64')}` }, body),
      hooks.deliver(id, { ...good, 'x-mlflow-signature': 'v1,AAAA' }, body),
      hooks.deliver(
        id,
        { ...good, 'x-mlflow-signature': good['x-mlflow-signature']?.replace('v1', 'v2') ?? '' },
        body,
      ),
      hooks.deliver(id, { ...good, 'x-mlflow-delivery-id': crypto.randomUUID() }, body),
      hooks.deliver(id, { ...good, 'x-mlflow-timestamp': '0' }, body),
      hooks.deliver(id, good, `${body} `),
      hooks.deliver(id, late, body),
      hooks.deliver(id, early, body),
    ]);
    const told = answers.map((answer) => ({ ...answer.json<ProblemDetails>(), instance: '' }));
    const unknown = await hooks.deliver(crypto.randomUUID(), good, body);
    expect(unknown.json<ProblemDetails>()).toMatchObject({ status: 404, code: 'not-found' });
    const toldOfNone = { ...unknown.json<ProblemDetails>(), instance: '' };
    expect(told).toEqual(told.map(() => toldOfNone));
    expect(await hooks.runs()).toEqual(before);
    const both = `v1,${randomBytes(32).toString('base64')} ${good['x-mlflow-signature']}`;
    expect((await hooks.deliver(id, { ...good, 'x-mlflow-signature': both }, body)).statusCode).toBe(204);
    expect(await hooks.runs()).toHaveLength(before.length + 1);
  });

  it('does not know a hook by a malformed id, and takes no large body', async () => {
    expect((await hooks.deliver('none', {}, '{}')).statusCode).toBe(404);
    const large = JSON.stringify({ data: { name: 'x'.repeat(300_000) } });
    expect((await hooks.deliver(await hooks.id(), await hooks.signed(large), large)).statusCode).toBe(413);
  });

  it('gives way to a manual sync, and starts its runs some seconds apart', async () => {
    const superseded = await hooks.waiting();
    expect(await wholeSync()).toMatchObject({ trigger: 'manual', status: 'succeeded' });
    expect((await hooks.runs()).find(({ id }) => id === superseded.id)).toMatchObject({
      status: 'cancelled',
    });
    await hooks.mlflow.api.setVersionTag(NAME, '1', 'first', 'x');
    await hooks.work(await hooks.waiting());
    await hooks.mlflow.api.setVersionTag(NAME, '1', 'second', 'x');
    const next = await hooks.waiting();
    await eventually(async () => {
      const jobs = await hooks.api.test.asSuperuser('SELECT state::text FROM bullmq.job WHERE id = $1', [
        next.id,
      ]);
      expect(jobs).toEqual([{ state: 'delayed' }]);
    });
    expect(await hooks.work(next)).toMatchObject({ status: 'succeeded', counts: { updated: 1 } });
  });
});
