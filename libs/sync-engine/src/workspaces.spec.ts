import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { ConnectionInput, SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  mlflowApi,
  startMlflowRooms,
  webhookEnv,
  type MlflowApi,
  type MlflowRooms,
} from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };

describeWithMlflow('a sync with a server that has workspaces', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const inventory = (): ModelInventory => scene.rooms.app.get(ModelInventory, { strict: false });
  const engine = (): SyncEngine => scene.rooms.app.get(SyncEngine, { strict: false });
  const connection = (): MlflowConnection => scene.rooms.app.get(MlflowConnection, { strict: false });
  const sync = async (org = orgId): Promise<SyncRun> => {
    const run = await engine().request(org, 'manual', ADMIN);
    await engine().run(org, run.id, new AbortController().signal);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(org, run.id);
  };
  const apiIn = (workspace: string): MlflowApi => mlflowApi(scene.mlflow.url, undefined, workspace);
  const settings = (workspace: string | null): ConnectionInput => ({
    trackingServerUrl: scene.proxy.url,
    authMethod: 'none',
    workspace,
  });
  /** One look, and the run that it asks for. */
  const poll = async (): Promise<SyncRun | null> => {
    const signal = new AbortController().signal;
    const run = await scene.rooms.app.get(RegistryWatch, { strict: false }).poll(orgId, signal);
    if (!run) return null;
    await engine().run(orgId, run.id, signal);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, run.id);
  };
  const webhooksIn = async (workspace: string): Promise<string[]> => {
    const { webhooks } = await apiIn(workspace).call('GET', 'webhooks');
    return ((webhooks ?? []) as { name: string }[]).map(({ name }) => name);
  };
  const makeWorkspace = (name: string) =>
    scene.mlflow.api.call('POST', '/api/3.0/mlflow/workspaces', { name });
  /** Name and description of each version; the description says where it is. */
  const shown = async () => {
    const { items } = await inventory().versions(orgId, { limit: 200, sort: 'modelName', order: 'asc' });
    return items.map(({ modelName, description }) => `${modelName} of ${description}`).sort();
  };

  beforeAll(async () => {
    const mlflow = { extraEnv: { ...webhookEnv(), MLFLOW_ENABLE_WORKSPACES: 'true' } };
    scene = await startMlflowRooms([SyncEngineModule], { mlflow });
    for (const name of ['team-a', 'team-b']) await makeWorkspace(name);
    for (const workspace of ['default', 'team-a', 'team-b']) {
      const api = apiIn(workspace);
      const runId = await api.createRun(await api.createExperiment('credit'), { metrics: { auc: 0.9 } });
      await api.createModel('shared');
      await api.createVersion('shared', { description: workspace, runId });
    }
    orgId = await scene.rooms.createOrganization();
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(() => scene?.stop());

  it('is told in the test that only one of them would be read, where none is named', async () => {
    expect(await connection().test(orgId, settings(null), ADMIN)).toMatchObject({
      status: 'success',
      message:
        'MLflow answered and its registry can be read. The server has 3 workspaces, and only its default one is read: name another, or * for all.',
    });
    for (const workspace of ['team-a', '*']) {
      expect(await connection().test(orgId, settings(workspace), ADMIN)).toMatchObject({
        status: 'success',
        message: 'MLflow answered and its registry can be read.',
      });
    }
  });

  it('says with the saved connection, too, that only one of them is read where none is named', async () => {
    const caution =
      'The server has 3 workspaces, and only its default one is read: name another, or * for all.';
    const other = await scene.rooms.createOrganization();
    expect(await connection().save(other, settings(null), ADMIN)).toMatchObject({ caution });
    await scene.rooms.test.asSuperuser(
      'UPDATE mlflow_connection SET workspaces_listed = NULL WHERE org_id = $1',
      [other],
    );
    expect(await connection().get(other)).toMatchObject({ caution: null });
    // As where the server is given workspaces later: a sync finds them.
    await sync(other);
    expect(await connection().get(other)).toMatchObject({ caution });
    const named = { ...settings('team-a'), replaceSource: true };
    expect(await connection().save(other, named, ADMIN)).toMatchObject({ caution: null });
  });

  it('reads one of them', async () => {
    await connection().save(orgId, settings('team-a'), ADMIN);
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    expect(await shown()).toEqual(['shared of team-a']);
  });

  it('lets go of the webhook of the one, before all of them are read', async () => {
    const hook = { name: `verifywise-${orgId}`, url: 'http://127.0.0.1:9/hook', secret: 'planted' };
    const events = [{ entity: 'MODEL_VERSION', action: 'CREATED' }];
    await apiIn('team-a').call('POST', 'webhooks', { ...hook, events, status: 'ACTIVE' });
    await scene.rooms.test.asSuperuser(
      `INSERT INTO mlflow_webhook (org_id, hook_id, origin, state) VALUES ($1, gen_random_uuid(), $2, 'enabled')`,
      [orgId, scene.proxy.url],
    );
    expect(await webhooksIn('team-a')).toEqual([hook.name]);
    expect(await connection().save(orgId, settings('*'), ADMIN)).toMatchObject({
      webhook: { enabled: false, leftAtMlflow: false },
    });
    expect(await webhooksIn('team-a')).toEqual([]);
  });

  it('reads all of them, and goes on with the records of the one that was read before', async () => {
    expect(await sync()).toMatchObject({
      status: 'succeeded',
      counts: { created: 2, updated: 0, unchanged: 1, removed: 0 },
    });
    expect(await shown()).toEqual(['shared of default', 'shared of team-a', 'shared of team-b']);
    expect(await inventory().summary(orgId)).toMatchObject({ models: 3, experiments: 3 });
    const again = await sync();
    expect(again).toMatchObject({ status: 'succeeded', counts: { created: 0, unchanged: 3, removed: 0 } });
  });

  it('finds no version by a name that several workspaces have', async () => {
    expect(await inventory().factsByName(orgId, { model: 'shared', version: '1' })).toBeNull();
  });

  it('finds one that was made later', async () => {
    await makeWorkspace('team-c');
    await apiIn('team-c').createModel('late');
    await apiIn('team-c').createVersion('late', { description: 'team-c' });
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1, unchanged: 3 } });
    expect(await inventory().factsByName(orgId, { model: 'late', version: '1' })).not.toBeNull();
  });

  it('is polled in each of them, those too that no whole read has seen', async () => {
    expect(await poll()).toBeNull();
    await apiIn('team-b').setStage('shared', '1', 'Staging');
    expect(await poll()).toMatchObject({ trigger: 'poll', status: 'succeeded', counts: { updated: 1 } });
    const { items } = await inventory().versions(orgId, { stage: 'Staging' });
    expect(items.map(({ description }) => description)).toEqual(['team-b']);
    await makeWorkspace('team-d');
    await apiIn('team-d').createModel('new');
    await apiIn('team-d').createVersion('new', { description: 'team-d' });
    expect(await poll()).toMatchObject({ trigger: 'poll', counts: { created: 1 } });
    expect(await shown()).toContain('new of team-d');
    expect(await poll()).toBeNull();
    await apiIn('team-d').deleteModel('new');
    expect(await sync()).toMatchObject({ counts: { removed: 1 } });
  });

  it('has no registry webhook while all of them are read: MLflow delivers of one', async () => {
    await expect(connection().setWebhook(orgId, true, ADMIN)).rejects.toMatchObject({
      ...{ code: 'invalid-input', status: 422 },
      message: expect.stringContaining('in one workspace'),
    });
    expect(await webhooksIn('default')).toEqual([]);
  });

  it('removes what is gone from one, and keeps what has the same name in another', async () => {
    await apiIn('team-b').deleteModel('shared');
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { unchanged: 3, removed: 1 } });
    expect(await shown()).toEqual(['late of team-c', 'shared of default', 'shared of team-a']);
    expect(await inventory().summary(orgId)).toMatchObject({ models: 3 });
  });

  it('holds back all of one that is hidden from it, for hidden is not gone', async () => {
    const withoutTeamC = (body: string): string => {
      const { workspaces }: { workspaces: { name: string }[] } = JSON.parse(body);
      return JSON.stringify({ workspaces: workspaces.filter(({ name }) => name !== 'team-c') });
    };
    scene.proxy.on({ match: '/workspaces', fault: { kind: 'rewrite', rewrite: withoutTeamC } });
    expect(await sync()).toMatchObject({
      status: 'partial',
      held: 1,
      error: { code: 'removals-held' },
      counts: { unchanged: 2, removed: 0 },
    });
    expect(await shown()).toContain('late of team-c');
    scene.proxy.reset();
    expect(await sync()).toMatchObject({
      status: 'succeeded',
      held: 0,
      counts: { unchanged: 3, removed: 0 },
    });
  });

  it('goes on after a disconnect with what it knew: another source asks first, and what is hidden is held back', async () => {
    await connection().disconnect(orgId, ADMIN);
    await expect(connection().save(orgId, settings('team-a'), ADMIN)).rejects.toMatchObject({
      code: 'source-changed',
      message: `This is another MLflow server. The 3 versions synced from the former one, ${scene.proxy.url}, would be marked as removed.`,
    });
    expect(await connection().get(orgId)).toMatchObject({ status: 'not-configured' });
    const withoutTeamC = (body: string): string => {
      const { workspaces }: { workspaces: { name: string }[] } = JSON.parse(body);
      return JSON.stringify({ workspaces: workspaces.filter(({ name }) => name !== 'team-c') });
    };
    scene.proxy.on({ match: '/workspaces', fault: { kind: 'rewrite', rewrite: withoutTeamC } });
    await connection().save(orgId, settings('*'), ADMIN);
    expect(await sync()).toMatchObject({ status: 'partial', held: 1, counts: { removed: 0 } });
    scene.proxy.reset();
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { unchanged: 3, removed: 0 } });
  });

  it('asks before it forgets all but one, and removes them then', async () => {
    await expect(connection().save(orgId, settings('team-a'), ADMIN)).rejects.toMatchObject({
      code: 'source-changed',
    });
    await connection().save(orgId, { ...settings('team-a'), replaceSource: true }, ADMIN);
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { unchanged: 1, removed: 2 } });
    expect(await shown()).toEqual(['shared of team-a']);
  });
});
