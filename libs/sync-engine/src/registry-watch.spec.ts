import type { Actor } from '@vw/audit';
import { LightReads, MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { Change, ModelVersionRow, SyncRun } from '@vw/shared-contracts';
import { LightRuns, SyncHistory } from '@vw/sync-history';
import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startMlflowRooms,
  type MlflowRooms,
} from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
const NAME = 'credit-risk-pd';

describeWithEachMlflow('the registry watch', (mlflowVersion) => {
  let scene: MlflowRooms;
  let orgId: string;
  let engine: SyncEngine;
  let watch: RegistryWatch;
  let history: SyncHistory;
  let connection: MlflowConnection;

  const sync = async (): Promise<SyncRun> => {
    const run = await engine.request(orgId, 'manual', ADMIN);
    await engine.run(orgId, run.id, FOREVER);
    return history.get(orgId, run.id);
  };
  /** One look, and the run that it asks for. */
  const poll = async (): Promise<SyncRun | null> => {
    const run = await watch.poll(orgId, FOREVER);
    if (!run) return null;
    await engine.run(orgId, run.id, FOREVER);
    return history.get(orgId, run.id);
  };
  const runs = async (): Promise<SyncRun[]> => (await history.list(orgId, { limit: 200 })).items;
  const versions = async (search: string): Promise<ModelVersionRow[]> =>
    (await scene.rooms.app.get(ModelInventory, { strict: false }).versions(orgId, { search, limit: 200 }))
      .items;
  const changes = async (run: SyncRun | null): Promise<Change[]> =>
    (
      await scene.rooms.app
        .get(ModelInventory, { strict: false })
        .changesOfRun(orgId, run?.id ?? '', { limit: 200 })
    ).items;
  /** Everything of the organization but the instant when its next poll is due, which every claim moves. */
  const everything = () =>
    scene.rooms.test.asSuperuser<{ t: string; rows: string }>(
      [
        ...['model', 'model_version', 'run', 'experiment', 'version_change', 'sync_run', 'audit_event'],
        'mlflow_connection',
      ]
        .map(
          (table) =>
            `SELECT '${table}' AS t, coalesce(string_agg(x.ctid::text || x.xmin::text, ',' ORDER BY x.ctid), '') AS rows FROM ${table} x`,
        )
        .join(' UNION ALL '),
    );

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule], { mlflow: { version: mlflowVersion } });
    await scene.mlflow.api.createModel(NAME);
    await scene.mlflow.api.createVersion(NAME);
    await scene.mlflow.api.createModel('mortgage');
    await scene.mlflow.api.createVersion('mortgage');
    engine = scene.rooms.app.get(SyncEngine, { strict: false });
    watch = scene.rooms.app.get(RegistryWatch, { strict: false });
    history = scene.rooms.app.get(SyncHistory, { strict: false });
    connection = scene.rooms.app.get(MlflowConnection, { strict: false });
    orgId = await scene.rooms.createOrganization();
    await connection.save(orgId, { trackingServerUrl: scene.proxy.url, authMethod: 'none' }, ADMIN);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(() => scene.proxy.reset());

  afterAll(() => scene?.stop());

  it('does not poll before a first whole read', async () => {
    expect(await poll()).toBeNull();
    expect(scene.proxy.requests).toEqual([]);
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 2 } });
  });

  it('leaves no run, no event and no row where nothing is new, and asks twice', async () => {
    const before = await everything();
    expect(await poll()).toBeNull();
    expect(scene.proxy.requests).toHaveLength(2);
    expect(await everything()).toEqual(before);
  });

  it('sees a version as soon as it is registered, with its run, as a poll that moves no card', async () => {
    const cards = await connection.get(orgId);
    const experiment = await scene.mlflow.api.createExperiment('pd/retail');
    const runId = await scene.mlflow.api.createRun(experiment, {
      metrics: { auc: 0.87 },
      params: { depth: '7' },
    });
    await scene.mlflow.api.createVersion(NAME, { runId });
    const run = await poll();
    expect(run).toMatchObject({
      trigger: 'poll',
      status: 'succeeded',
      requestedBy: null,
      counts: { created: 1, updated: 0, unchanged: 1, removed: 0 },
      progress: { phase: 'done', total: null },
    });
    const [held] = (await versions(NAME)).filter(({ version }) => version === '2');
    const detail = await scene.rooms.app
      .get(ModelInventory, { strict: false })
      .version(orgId, held?.id ?? '');
    expect(detail).toMatchObject({
      ...{ runId, metrics: { auc: 0.87 }, parameters: { depth: '7' } },
      experiment: { id: experiment, name: 'pd/retail' },
    });
    expect(await connection.get(orgId)).toEqual(cards);
    expect(await poll()).toBeNull();
  });

  it('takes an alias from the version that it left, although MLflow stamps neither', async () => {
    await scene.mlflow.api.setAlias(NAME, 'champion', '1');
    await sync();
    const version = await scene.mlflow.api.createVersion(NAME);
    await scene.mlflow.api.setAlias(NAME, 'champion', version);
    expect(await poll()).toMatchObject({ counts: { created: 1, updated: 1 } });
    const aliases = (await versions(NAME)).map((row) => [row.version, row.aliases]);
    expect(new Map(aliases as [string, string[]][])).toEqual(
      new Map([
        ['1', []],
        ['2', []],
        ['3', ['champion']],
      ]),
    );
  });

  it('logs a stage that moved, old to new', async () => {
    await scene.mlflow.api.setStage('mortgage', '1', 'Production');
    const found = await changes(await poll());
    expect(found).toContainEqual(
      expect.objectContaining({ modelName: 'mortgage', field: 'stage', old: 'None', new: 'Production' }),
    );
  });

  it('does not see a tag, which the whole read sees', async () => {
    await scene.mlflow.api.setVersionTag('mortgage', '1', 'validation', 'late');
    expect(await poll()).toBeNull();
    expect(await sync()).toMatchObject({ counts: { updated: 1 } });
  });

  it('stamps nothing removed', async () => {
    await scene.mlflow.api.createVersion('mortgage');
    await poll();
    await scene.mlflow.api.deleteVersion('mortgage', '2');
    expect(await poll()).toMatchObject({ status: 'succeeded', counts: { removed: 0 } });
    expect(await versions('mortgage')).toHaveLength(2);
    expect(await sync()).toMatchObject({ counts: { removed: 1 } });
  });

  it('lets go of a version that was held back, and that no Admin can remove any more', async () => {
    const hidden = (body: string): string => {
      const { model_versions: rows }: { model_versions: { name: string }[] } = JSON.parse(body);
      return JSON.stringify({ model_versions: rows.filter(({ name }) => name !== 'mortgage') });
    };
    scene.proxy.on({ match: 'model-versions/search', fault: { kind: 'rewrite', rewrite: hidden } });
    const partial = await sync();
    expect(partial).toMatchObject({ status: 'partial', held: 1 });
    scene.proxy.reset();
    expect(await connection.test(orgId, null, ADMIN)).toMatchObject({ status: 'success' });
    await scene.mlflow.api.setStage('mortgage', '1', 'Staging');
    expect(await poll()).toMatchObject({ status: 'succeeded', counts: { updated: 1 } });
    expect(await engine.confirmRemovals(orgId, partial.id, ADMIN)).toMatchObject({
      ...{ status: 'succeeded', counts: { removed: 0 } },
    });
    expect(await versions('mortgage')).toMatchObject([{ version: '1', removedAt: null }]);
  });

  it('reads on where more was changed than a first page holds, and then starts from there', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `bulk-${String(index).padStart(3, '0')}`);
    for (const name of [...names, "bulk's last"]) {
      await scene.mlflow.api.createModel(name);
      await scene.mlflow.api.createVersion(name);
      await scene.mlflow.api.createVersion(name);
    }
    expect(await poll()).toMatchObject({ counts: { created: 122 } });
    expect(await poll()).toBeNull();
    scene.proxy.reset();
    expect(await poll()).toBeNull();
    expect(scene.proxy.requests).toHaveLength(2);
  });

  it('gives way to a manual sync, which never answers with a poll', async () => {
    await scene.mlflow.api.createVersion('mortgage');
    const light = await watch.poll(orgId, FOREVER);
    const full = await engine.request(orgId, 'manual', ADMIN);
    expect(full.id).not.toBe(light?.id);
    expect(full.trigger).toBe('manual');
    expect(await history.get(orgId, light?.id ?? '')).toMatchObject({ status: 'cancelled' });
    expect(await watch.poll(orgId, FOREVER)).toBeNull();
    await engine.run(orgId, light?.id ?? '', FOREVER);
    await engine.run(orgId, full.id, FOREVER);
    expect(await history.get(orgId, full.id)).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    expect(await connection.get(orgId)).toMatchObject({
      lastScheduledSyncAt: (await history.get(orgId, full.id)).startedAt,
    });
  });

  it('is cancelled with the sync that it waits for, each in the trail', async () => {
    const full = await engine.request(orgId, 'manual', ADMIN);
    const light = await scene.rooms.app.get(LightRuns, { strict: false }).requestWebhook(orgId, [NAME]);
    await engine.cancelActive(orgId, ADMIN);
    for (const id of [full.id, light?.runId ?? '']) {
      expect(await history.get(orgId, id)).toMatchObject({ status: 'cancelled' });
      const events = await scene.rooms.test.asSuperuser<{ action: string }>(
        `SELECT action FROM audit_event WHERE org_id = $1 AND body::jsonb ->> 'runId' = $2 AND action = 'sync.cancelled'`,
        [orgId, id],
      );
      expect(events).toHaveLength(1);
    }
  });

  it('tells once that MLflow is away, and is well again with the first poll that works', async () => {
    const before = (await runs()).length;
    scene.proxy.on({ match: '', fault: { kind: 'status', status: 400 } });
    for (let times = 0; times < 3; times += 1) expect(await poll()).toBeNull();
    const [failed, ...older] = await runs();
    expect(failed).toMatchObject({ trigger: 'poll', status: 'failed', error: { code: 'mlflow-not-mlflow' } });
    expect(older).toHaveLength(before);
    expect(await connection.get(orgId)).toMatchObject({ status: 'action-required' });
    // An Admin must act: it waits for the whole read, or a test, and asks for nothing meanwhile.
    expect(scene.proxy.requests).toHaveLength(1);
    scene.proxy.reset();
    expect(await poll()).toBeNull();
    expect(scene.proxy.requests).toEqual([]);
    await connection.test(orgId, null, ADMIN);
    expect(await connection.get(orgId)).toMatchObject({ status: 'connected', lastError: null });
  });

  it('keeps asking a server that failed by itself, and keeps one failure for all of them', async () => {
    const before = (await runs()).length;
    scene.proxy.on({ match: '', fault: { kind: 'reset' } });
    await poll();
    await poll();
    expect(scene.proxy.requests).toHaveLength(2);
    expect((await runs()).length).toBe(before + 1);
    expect(await connection.get(orgId)).toMatchObject({
      status: 'error',
      lastError: { code: 'mlflow-unreachable' },
    });
    scene.proxy.reset();
    expect(await poll()).toBeNull();
    expect(await connection.get(orgId)).toMatchObject({ status: 'connected', lastError: null });
  });

  it('puts a poll off until the scheduled sync where what was found could not be read', async () => {
    await scene.mlflow.api.createVersion('mortgage');
    scene.proxy.on({ match: 'registered-models/get', fault: { kind: 'status', status: 400 } });
    expect(await poll()).toMatchObject({ status: 'failed' });
    const [row] = await scene.rooms.test.asSuperuser<{ waits: boolean }>(
      'SELECT next_poll_at >= next_sync_at AS waits FROM mlflow_connection WHERE org_id = $1',
      [orgId],
    );
    expect(row).toEqual({ waits: true });
    scene.proxy.reset();
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await connection.get(orgId)).toMatchObject({ status: 'connected' });
  });

  it('is claimed by one worker each interval, and by none where it is off', async () => {
    const reads = scene.rooms.app.get(LightReads, { strict: false });
    const input = { trackingServerUrl: scene.proxy.url, authMethod: 'none' } as const;
    const due = () => scene.rooms.test.asSuperuser('UPDATE mlflow_connection SET next_poll_at = now()');
    await due();
    const claims = await Promise.all([reads.claimDue(10), reads.claimDue(10), reads.claimDue(10)]);
    expect(claims.flat()).toEqual([orgId]);
    await connection.save(orgId, { ...input, pollSeconds: 0 }, ADMIN);
    await due();
    expect(await reads.claimDue(10)).toEqual([]);
    await connection.save(orgId, { ...input, pollSeconds: 1 }, ADMIN);
    await due();
    expect(await reads.claimDue(10)).toEqual([orgId]);
  });

  it('forgets what it has seen when another server is connected', async () => {
    const url = scene.proxy.url.replace('127.0.0.1', 'localhost');
    await connection.save(orgId, { trackingServerUrl: url, authMethod: 'none', replaceSource: true }, ADMIN);
    scene.proxy.reset();
    expect(await poll()).toBeNull();
    expect(scene.proxy.requests).toEqual([]);
  });
});
