import { ModelInventory } from '@vw/model-inventory';
import { SyncHistory } from '@vw/sync-history';
import type { TestRooms } from '@vw/testing';
import { RIN, startGovernance, SyncedRegistry, type VersionSketch } from './synced-registry.fixture';

describe('what happens while the rules look', () => {
  let rooms: TestRooms;
  let registry: SyncedRegistry;

  const inventory = (): ModelInventory => rooms.app.get(ModelInventory, { strict: false });
  /** Does it once between what the rules read and what they write of versions that are not live. */
  const meanwhile = (work: () => Promise<unknown>): void => {
    const room = inventory();
    const real = room.setNoGapsWhereNotLive.bind(room);
    room.setNoGapsWhereNotLive = async (orgId, ids) => {
      room.setNoGapsWhereNotLive = real;
      await work();
      return real(orgId, ids);
    };
  };

  beforeAll(async () => {
    rooms = await startGovernance();
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
  });

  afterAll(() => rooms?.close());

  it('is left to the next look: what was found of a version that is live no more is closed by a judgement', async () => {
    await registry.sync([{ version: '1' }, { version: '2', stage: 'None' }]);
    const { id } = await registry.row('1');
    const runId = await registry.write([{ version: '2', stage: 'None', description: 'Changed.' }]);
    let next = '';
    meanwhile(async () => (next = await registry.write([{ version: '1', stage: 'Archived' }])));
    await registry.governance.evaluate(registry.orgId, runId);
    expect(await registry.row('1')).toMatchObject({ live: false, openGaps: null });
    expect(await registry.row('2')).toMatchObject({ openGaps: 0 });
    await registry.governance.evaluate(registry.orgId, next);
    expect(await registry.row('1')).toMatchObject({ live: false, openGaps: 0 });
    expect(new Set(Object.values(await registry.statuses(id)))).toEqual(new Set(['closed']));
  });

  it('is looked at again where an Admin confirms what the run held back', async () => {
    const history = rooms.app.get(SyncHistory, { strict: false });
    const { orgId } = registry;
    const { run } = await history.request(orgId, 'manual', 'spec');
    const lease = await history.start(orgId, run.id, null);
    if (!lease) throw new Error('the run did not start');
    await history.end(orgId, lease, {
      ...{ status: 'partial', code: 'removals-held', complete: true, held: 1, requests: 1 },
    });
    const seen = await history.endedUnevaluated(orgId);
    await history.confirm(orgId, run.id);
    await history.markEvaluated(orgId, seen);
    expect(await history.endedUnevaluated(orgId)).toEqual([{ id: run.id, status: 'succeeded' }]);
    await history.markEvaluated(orgId, await history.endedUnevaluated(orgId));
    expect(await history.endedUnevaluated(orgId)).toEqual([]);
  });

  it('leaves a version unknown that a sync changed while it was judged', async () => {
    await registry.write([{}]);
    const [facts] = await inventory().factsOf(registry.orgId, [(await registry.row()).id]);
    if (!facts) throw new Error('no facts');
    const gaps = {
      id: facts.id,
      hash: facts.hash,
      removedAt: facts.removedAt,
      openGaps: 3,
      requirements: [],
    };
    await registry.write([{ description: 'Changed meanwhile.' }]);
    await inventory().setOpenGaps(registry.orgId, [gaps]);
    expect((await registry.row()).openGaps).toBeNull();
    const [fresh] = await inventory().factsOf(registry.orgId, [facts.id]);
    await inventory().setOpenGaps(registry.orgId, [{ ...gaps, hash: fresh?.hash ?? '' }]);
    expect((await registry.row()).openGaps).toBe(3);
  });

  it('writes over no attestation that is signed while it runs', async () => {
    const sketches = Array.from({ length: 150 }, (_, at): VersionSketch => ({ version: String(at + 1) }));
    const runId = await registry.write(sketches);
    await Promise.all([
      registry.governance.evaluate(registry.orgId, runId),
      registry.attestAll(),
      registry.governance.evaluate(registry.orgId, runId),
      registry.attestAll(RIN),
    ]);
    expect((await registry.row()).openGaps).toBe(0);
    expect(await registry.statuses((await registry.row()).id)).toMatchObject({
      ...{ G01: 'satisfied', G02: 'satisfied', G03: 'satisfied' },
    });
  });
});
