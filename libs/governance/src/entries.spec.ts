import type { Entry } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import { RIN, startGovernance, SyncedRegistry } from './synced-registry.fixture';

describe('the inventory entries', () => {
  let rooms: TestRooms;
  let registry: SyncedRegistry;

  beforeAll(async () => {
    rooms = await startGovernance();
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
  });

  afterAll(() => rooms?.close());

  const all = async (): Promise<Entry[]> => (await registry.entries.list(registry.orgId, {})).items;
  const change = (id: string, input: object): Promise<Entry> =>
    registry.entries.change(registry.orgId, id, { input, actor: RIN.actor });

  it('begin pending when a model is first seen, one for each', async () => {
    await registry.sync([{ version: '1' }, { version: '2' }, { model: 'other' }]);
    await registry.sync([{ version: '3' }]);
    expect(await all()).toMatchObject([
      {
        modelName: 'credit-risk-pd',
        approvalStatus: 'pending',
        owner: null,
        purpose: null,
        riskTier: null,
        approvedAt: null,
      },
      { modelName: 'other' },
    ]);
  });

  it('keep what people wrote through every sync, and close what asked for it', async () => {
    await registry.sync([{}]);
    const [entry] = await all();
    const input = { owner: 'Kreditrisk ', purpose: 'Lending', riskTier: 'high', approvalStatus: 'approved' };
    const changed = await change(entry?.id ?? '', input);
    expect(changed).toMatchObject({ ...input, owner: 'Kreditrisk', approvedAt: expect.any(String) });
    for (const rule of ['G09', 'G13'])
      expect(await registry.finding(rule)).toMatchObject({ status: 'closed' });
    await registry.sync([{ description: 'Changed upstream.' }]);
    expect(await all()).toEqual([changed]);
    expect(await change(changed.id, { owner: null })).toMatchObject({ owner: null, purpose: 'Lending' });
    expect(await registry.finding('G09')).toMatchObject({ status: 'open' });
    expect((await change(changed.id, { approvalStatus: 'restricted' })).approvedAt).toBeNull();
  });

  it('are others for a model that was deleted and made again', async () => {
    await registry.sync([{}]);
    const [first] = await all();
    await change(first?.id ?? '', { owner: 'Kreditrisk' });
    await registry.sync([{ modelCreatedAt: 1_800_000_000_000 }]);
    const entries = await all();
    expect(entries.map((entry) => [entry.modelName, entry.owner]).sort()).toEqual([
      ['credit-risk-pd', null],
      ['credit-risk-pd', 'Kreditrisk'],
    ]);
    expect(new Set(entries.map((entry) => entry.registeredAt)).size).toBe(2);
  });

  it('are listed by name, a page at a time, and found by a part of it taken literally', async () => {
    await registry.sync([{ model: 'b' }, { model: 'a%' }, { model: 'a_c' }]);
    const { entries, orgId } = registry;
    const first = await entries.list(orgId, { limit: 2 });
    const second = await entries.list(orgId, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map((entry) => entry.modelName).sort()).toEqual([
      'a%',
      'a_c',
      'b',
    ]);
    expect([first.total, second.total, second.nextCursor]).toEqual([3, null, null]);
    expect((await entries.list(orgId, { search: 'A%' })).items).toMatchObject([{ modelName: 'a%' }]);
    expect((await entries.list(orgId, { approvalStatus: 'blocked' })).total).toBe(0);
    await expect(entries.list(orgId, { search: 'x', cursor: first.nextCursor ?? '' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('leave before and after in the trail', async () => {
    await registry.sync([{}]);
    const [entry] = await all();
    await change(entry?.id ?? '', { riskTier: 'limited' });
    const event = (await registry.trail()).find((one) => one.action === 'entry.changed');
    expect(JSON.parse(event?.body ?? '')).toMatchObject({
      actor: { id: RIN.actor.id },
      before: { riskTier: null, approvalStatus: 'pending' },
      after: { riskTier: 'limited', approvalStatus: 'pending' },
    });
  });

  it('are not found under an unknown id or in another organization', async () => {
    await registry.sync([{}]);
    const [entry] = await all();
    const other = await SyncedRegistry.in(rooms);
    await expect(other.entries.get(other.orgId, entry?.id ?? '')).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      other.entries.change(other.orgId, entry?.id ?? '', { input: {}, actor: RIN.actor }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await registry.entries.get(registry.orgId, entry?.id ?? '')).toEqual(entry);
  });
});
