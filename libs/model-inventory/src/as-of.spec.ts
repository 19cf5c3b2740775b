import type { ModelVersionDetail } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import {
  type Named,
  type RegistrySketch,
  type RunSketch,
  SketchedInventory,
  type VersionSketch,
} from './registry.fixture';

const NAMES = fc.constantFrom('a', 'a.b', '', '__proto__', 'x\0y', 'tags.a', 'line\nbreak', '与信', '"');
const TEXTS = fc.constantFrom('', 'one', 'null', 'x\0y', '\ud800', '{"a":1}', '0');
const METRICS = fc.constantFrom(0, 1.5, -2e-9, 1.7976931348623157e308, 'NaN', '-Infinity');

function named<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Named<Value>> {
  return fc.uniqueArray(fc.tuple(NAMES, values), { maxLength: 3, selector: ([name]) => name });
}

const VERSION = fc.record<Omit<VersionSketch, 'model' | 'version'>>({
  stage: fc.constantFrom('None', 'Staging', 'Production', 'Archived'),
  aliases: fc.subarray(['champion', 'challenger']),
  description: TEXTS,
  tags: named(TEXTS),
  updatedAt: fc.integer({ min: 0, max: 2 }),
  source: fc.constantFrom('', 's3://a', 'models:/m-1'),
  evidence: fc.constantFrom(null, 'r1', 'r2', 'r3'),
  logged: fc.boolean(),
});
const RUN: fc.Arbitrary<RunSketch> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ state: fc.constantFrom('active', 'deleted'), data: data() }) },
  fc.record({ state: fc.constantFrom('missing', 'unreadable'), data: fc.constant(null) }),
);
const EXPERIMENT = fc.record({
  name: TEXTS,
  artifactLocation: TEXTS,
  lifecycle: fc.constantFrom('active', 'deleted'),
});
const MODEL = fc.record({ description: TEXTS, tags: named(TEXTS) });

function data() {
  return fc.record({
    status: fc.constantFrom('RUNNING', 'FINISHED'),
    experiment: fc.constantFrom('1', '2'),
    metrics: named(METRICS),
    parameters: named(TEXTS),
    commit: fc.option(TEXTS),
    datasets: fc.subarray([
      { name: 'pd', digest: 'a', context: null },
      { name: 'x\0y', digest: '\ud800', context: 'training' },
    ]),
  });
}

/** For each of the names: as it was in the step before, gone, or something else. */
function slots<Value>(names: readonly string[], values: fc.Arbitrary<Value>) {
  return fc.tuple(
    ...names.map((name) =>
      fc.tuple(
        fc.constant(name),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant('same' as const) },
          { weight: 1, arbitrary: fc.constant('gone' as const) },
          { weight: 3, arbitrary: values },
        ),
      ),
    ),
  );
}

const STEP = fc.record({
  models: fc.tuple(...['credit-risk', 'fraud'].map((name) => fc.tuple(fc.constant(name), fc.option(MODEL)))),
  versions: slots(['credit-risk 1', 'credit-risk 2', 'credit-risk 10', 'fraud 1', 'fraud 2'], VERSION),
  runs: slots(['r1', 'r2', 'r3'], RUN),
  experiments: slots(['1', '2'], EXPERIMENT),
  pageSize: fc.integer({ min: 1, max: 3 }),
});

function moved<Value>(
  held: Map<string, Value>,
  step: readonly (readonly [name: string, value: Value | 'same' | 'gone'])[],
): Map<string, Value> {
  const next = new Map(held);
  for (const [name, value] of step) {
    if (value === 'gone') next.delete(name);
    else if (value !== 'same') next.set(name, value);
  }
  return next;
}

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
      fc.asyncProperty(fc.array(STEP, { minLength: 10, maxLength: 12 }), async (steps) => {
        const upstream = await SketchedInventory.in(rooms);
        const snapshots: { at: number; details: ReadonlyMap<string, ModelVersionDetail> }[] = [];
        const written = async () => {
          snapshots.push({ details: await upstream.details(), at: await upstream.instant() });
        };
        let models = new Map(
          ['credit-risk', 'fraud'].map((name) => [name, { description: '', tags: [] as Named<string> }]),
        );
        let versions = new Map<string, Omit<VersionSketch, 'model' | 'version'>>();
        let runs: RegistrySketch['runs'] = new Map();
        let experiments: RegistrySketch['experiments'] = new Map();
        for (const step of steps) {
          models = new Map([
            ...models,
            ...step.models.flatMap(([name, model]) => (model ? [[name, model] as const] : [])),
          ]);
          versions = moved(versions, step.versions);
          runs = moved(new Map(runs), step.runs);
          experiments = moved(new Map(experiments), step.experiments);
          const sketches = [...versions].map(([name, sketch]) => {
            const [model = '', version = ''] = name.split(' ');
            return { ...sketch, model, version };
          });
          await upstream.sync(
            { models, versions: sketches, runs, experiments },
            { pageSize: step.pageSize, written },
          );
        }
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
