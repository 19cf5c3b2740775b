import type { TestRooms } from '@vw/testing';
import { selectMetricCourse } from './metric-course';
import { type RegistrySketch, SketchedInventory, type VersionSketch } from './registry.fixture';

const VERSION: VersionSketch = {
  ...{ model: 'credit-risk', version: '1', stage: 'None', aliases: [], description: '', tags: [] },
  ...{ updatedAt: 0, source: '', evidence: null, logged: false },
};

describe('the inventory', () => {
  let rooms: TestRooms;
  let upstream: SketchedInventory;

  const registry = (
    versions: readonly VersionSketch[],
    rest: Partial<RegistrySketch> = {},
  ): RegistrySketch => ({
    models: new Map(
      [...new Set(versions.map(({ model }) => model))].map((name) => [name, { description: '', tags: [] }]),
    ),
    runs: new Map(),
    experiments: new Map(),
    ...rest,
    versions,
  });
  const run = (auc: number | string) => ({
    state: 'active' as const,
    data: {
      status: 'FINISHED',
      experiment: '1',
      metrics: [
        ['auc', auc],
        ['ks', 1],
      ] as const,
      parameters: [],
    },
  });

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  beforeEach(async () => {
    upstream = await SketchedInventory.in(rooms);
  });

  afterAll(() => rooms?.close());

  it('lists every version of the filters in parts, each once and in order', async () => {
    const versions = Array.from({ length: 1_203 }, (_, n) => ({
      ...VERSION,
      ...{ model: n % 2 ? 'credit-risk' : 'fraud', version: String(n + 1) },
      stage: n % 3 ? ('None' as const) : ('Production' as const),
    }));
    await upstream.sync(registry(versions));
    const parts = async (query: object) => {
      const read: { model: string; version: string }[][] = [];
      for await (const part of upstream.inventory.allVersions(upstream.orgId, { limit: 5, ...query }))
        read.push(part.map(({ modelName, version }) => ({ model: modelName, version })));
      return read;
    };
    const all = await parts({});
    expect(all.map((part) => part.length)).toEqual([1_000, 203]);
    expect(new Set(all.flat().map(({ version }) => version)).size).toBe(1_203);
    expect(all.flat().map(({ model }) => model)).toEqual(
      all
        .flat()
        .map(({ model }) => model)
        .sort(),
    );
    const found = await parts({ search: 'FRAUD', stage: 'Production', sort: 'version', order: 'desc' });
    const expected = versions.filter(({ model, stage }) => model === 'fraud' && stage === 'Production');
    expect(found.flat().map(({ version }) => version)).toEqual(
      expected.map(({ version }) => version).reverse(),
    );
    expect(await parts({ search: 'nothing' })).toEqual([[]]);
  });

  it('searches names whatever the case of their letters, in any alphabet', async () => {
    await upstream.sync(registry(['Étude', 'ОЦЕНКА', 'scoring-ß'].map((model) => ({ ...VERSION, model }))));
    const found = async (search: string) =>
      (await upstream.inventory.versions(upstream.orgId, { search })).items.map(({ modelName }) => modelName);
    expect(await found('éTUDE')).toEqual(['Étude']);
    expect(await found('оценка')).toEqual(['ОЦЕНКА']);
    expect(await found('ETUDE')).toEqual([]);
  });

  it('follows each metric of a version over its model, by number, without versions that are gone', async () => {
    const runs = new Map([
      ['r1', run(0.5)],
      ['r2', run('NaN')],
      ['r10', run(0.7)],
      ['r11', run(0.9)],
    ]);
    const versions = ['10', '2', '1', '3', '11'].map((version) => ({
      ...VERSION,
      ...{ version, evidence: version === '3' ? null : `r${version}` },
    }));
    const other = { ...VERSION, model: 'fraud', evidence: 'r1' };
    const ids = await upstream.sync(registry([...versions, other], { runs }));
    await upstream.sync(registry([...versions.slice(0, 4), other], { runs }));
    const [ten = '', two, one = '', three = '', eleven = ''] = ids;
    const course = async (id: string) => {
      const { metrics } = await upstream.inventory.metricCourse(upstream.orgId, id);
      return [Object.keys(metrics).sort(), metrics['auc']];
    };
    const points = [
      { versionId: one, version: '1', value: 0.5 },
      { versionId: two, version: '2', value: 'NaN' },
      { versionId: ten, version: '10', value: 0.7 },
    ];
    expect(await course(ten)).toEqual([['auc', 'ks'], points]);
    expect(await course(eleven)).toEqual([
      ['auc', 'ks'],
      [...points, { versionId: eleven, version: '11', value: 0.9 }],
    ]);
    expect(await course(three)).toEqual([[], undefined]);
    // Two metrics over four values: the newest version beside the one that is asked for.
    const few = await rooms.database.orgTransaction(upstream.orgId, (tx) =>
      selectMetricCourse(tx, upstream.orgId, { id: one, most: 4 }),
    );
    expect(few.metrics['auc']?.map(({ version }) => version)).toEqual(['1', '10']);
    expect(few.leftOut).toBe(2);
    const stranger = await SketchedInventory.in(rooms);
    await expect(stranger.inventory.metricCourse(stranger.orgId, ten)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
