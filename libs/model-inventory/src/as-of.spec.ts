import type { ModelVersionDetail } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import { HISTORY } from './random-registries.fixture';
import { type RegistrySketch, SketchedInventory, type VersionSketch } from './registry.fixture';

/** Without open gaps, which have no history of their own; named values as pairs, so that `__proto__` is compared like any other. */
function comparable({ openGaps: _, ...detail }: ModelVersionDetail) {
  const pairs = (values: object) => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...detail,
    tags: pairs(detail.tags),
    modelTags: pairs(detail.modelTags),
    metrics: pairs(detail.metrics),
    parameters: pairs(detail.parameters),
  };
}

describe('a version as it was', () => {
  let rooms: TestRooms;

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  afterAll(() => rooms?.close());

  it('is at any instant of any history what its drawer showed then', async () => {
    await fc.assert(
      fc.asyncProperty(HISTORY, async (history) => {
        const upstream = await SketchedInventory.in(rooms);
        const snapshots: { at: number; details: ReadonlyMap<string, ModelVersionDetail> }[] = [];
        const written = async () => {
          snapshots.push({ details: await upstream.details(), at: await upstream.instant() });
        };
        for (const { registry, pageSize } of history) await upstream.sync(registry, { pageSize, written });
        for (const { at, details } of snapshots) {
          for (const id of upstream.versionIds) {
            const then = details.get(id);
            const asOf = upstream.inventory.versionAsOf(upstream.orgId, id, at);
            if (then) expect(comparable(await asOf)).toEqual(comparable(then));
            else await expect(asOf).rejects.toMatchObject({ code: 'not-found' });
          }
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 240_000);

  it('counts a change from the very instant on that its log tells', async () => {
    const upstream = await SketchedInventory.in(rooms);
    const [id = ''] = await upstream.sync(sketch({ stage: 'Staging' }));
    await upstream.instant();
    await upstream.sync(sketch({ stage: 'Production', updatedAt: 1 }));
    const { items, total } = await upstream.inventory.changesOfVersion(upstream.orgId, id, {});
    expect([items.map(({ field }) => field), total]).toEqual([['stage', 'version'], 2]);
    const stageAt = async (at: number) => {
      const { stage, live, openGaps } = await upstream.inventory.versionAsOf(upstream.orgId, id, at);
      return [stage, live, openGaps];
    };
    const at = Date.parse(items[0]?.observedAt ?? '');
    expect(await stageAt(at)).toEqual(['Production', true, null]);
    expect(await stageAt(at - 1)).toEqual(['Staging', false, 0]);
    const first = Date.parse(items[1]?.observedAt ?? '');
    expect(await stageAt(first)).toEqual(['Staging', false, 0]);
    await expect(stageAt(first - 1)).rejects.toMatchObject({ code: 'not-found' });
    expect(await stageAt(Date.parse('9999-12-31T23:59:59Z'))).toEqual(['Production', true, null]);
    await expect(stageAt(Date.parse('0000-01-01T00:00:00Z'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('belongs to its organization', async () => {
    const upstream = await SketchedInventory.in(rooms);
    const other = await SketchedInventory.in(rooms);
    const [id = ''] = await upstream.sync(sketch({}));
    await expect(
      upstream.inventory.versionAsOf(other.orgId, id, await upstream.instant()),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

function sketch(version: Partial<VersionSketch>): RegistrySketch {
  const plain = { description: '', tags: [], updatedAt: 0, source: '', evidence: null, logged: false };
  return {
    models: new Map([['credit-risk', { description: '', tags: [] }]]),
    versions: [{ model: 'credit-risk', version: '1', stage: 'None', aliases: [], ...plain, ...version }],
    runs: new Map(),
    experiments: new Map(),
  };
}
