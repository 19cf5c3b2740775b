import { eventually, type TestRooms } from '@vw/testing';
import { HeldVersions } from './held-versions';
import { SketchedInventory, type RegistrySketch } from './registry.fixture';

const REGISTRY: RegistrySketch = {
  models: new Map([['credit-risk', { description: '', tags: [] }]]),
  versions: ['1', '2', '3'].map((version) => ({
    ...{ model: 'credit-risk', version, stage: 'None', aliases: [], description: '', tags: [] },
    ...{ updatedAt: 0, source: '', evidence: null, logged: false },
  })),
  runs: new Map(),
  experiments: new Map(),
};

describe('versions that are held back', () => {
  let rooms: TestRooms;

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  afterAll(() => rooms?.close());

  it('are seen again and confirmed at once, whatever the order in which they were held, and neither fails', async () => {
    const upstream = await SketchedInventory.in(rooms);
    const { orgId } = upstream;
    const held = rooms.app.get(HeldVersions, { strict: false });
    const ids = (await upstream.sync(REGISTRY)).sort();
    const runId = crypto.randomUUID();
    await held.hold(orgId, { runId }, ids.toReversed());
    const isLocked = Promise.withResolvers<void>();
    const mayGo = Promise.withResolvers<void>();
    const between = rooms.database.orgTransaction(orgId, async (tx) => {
      await tx.query('SELECT FROM held_version WHERE org_id = $1 AND version_id = $2 FOR UPDATE', [
        orgId,
        ids[1],
      ]);
      isLocked.resolve();
      await mayGo.promise;
    });
    await isLocked.promise;
    const both = Promise.all([held.confirm(orgId, runId), upstream.sync(REGISTRY)]);
    await eventually(async () => {
      const waiting = await rooms.test.asSuperuser(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(2);
    });
    mayGo.resolve();
    await between;
    await both;
    expect((await upstream.inventory.versions(orgId, {})).total).toBe(3);
  });

  it('take their model with them when they are confirmed, unless the run has seen it', async () => {
    const upstream = await SketchedInventory.in(rooms);
    const { orgId } = upstream;
    const held = rooms.app.get(HeldVersions, { strict: false });
    const ids = await upstream.sync(REGISTRY);
    const [{ model_id: modelId = '' } = {}] = await rooms.test.asSuperuser<{ model_id: string }>(
      'SELECT model_id FROM model_version WHERE org_id = $1 LIMIT 1',
      [orgId],
    );
    const runId = crypto.randomUUID();
    await held.hold(orgId, { runId, listed: [modelId] }, ids);
    expect(await held.confirm(orgId, runId)).toBe(3);
    expect(await upstream.inventory.summary(orgId)).toMatchObject({ models: 1, stages: { None: 0 } });

    await upstream.sync(REGISTRY);
    const next = crypto.randomUUID();
    await held.hold(orgId, { runId: next }, ids);
    expect(await held.confirm(orgId, next)).toBe(3);
    expect(await upstream.inventory.summary(orgId)).toMatchObject({ models: 0 });
  });
});
