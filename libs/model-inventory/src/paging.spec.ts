import type { ModelVersionPage, ModelVersionRow, VersionQuery } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import { type RegistrySketch, SketchedInventory } from './registry.fixture';

const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
const SORTS = ['modelName', 'version', 'stage', 'createdAt', 'updatedAt'] as const;
/** Few names and instants, so that many rows are equal in what they are sorted by. */
const VERSION = fc.record({
  model: fc.constantFrom('a', 'B', 'b', '与信', '%'),
  stage: fc.constantFrom(...STAGES),
  updatedAt: fc.integer({ min: 0, max: 3 }),
});
type Version = typeof VERSION extends fc.Arbitrary<infer Value> ? Value : never;

function registryOf(versions: readonly Version[]): RegistrySketch {
  const plain = { aliases: [], description: '', tags: [], source: '', evidence: null, logged: false };
  return {
    models: new Map(versions.map(({ model }) => [model, { description: '', tags: [] }])),
    versions: versions.map((version, index) => ({
      ...plain,
      ...version,
      version: String((index * 7) % 30) + index,
    })),
    runs: new Map(),
    experiments: new Map(),
  };
}

describe('the pages of a list', () => {
  let rooms: TestRooms;

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  afterAll(() => rooms?.close());

  it('hold each row once, in order, while others are inserted between and beside them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          held: fc.array(VERSION, { minLength: 1, maxLength: 25 }),
          inserted: fc.array(VERSION, { minLength: 5, maxLength: 20 }),
          limit: fc.integer({ min: 1, max: 6 }),
          sort: fc.constantFrom(...SORTS),
          order: fc.constantFrom('asc' as const, 'desc' as const),
        }),
        async ({ held, inserted, limit, sort, order }) => {
          const upstream = await SketchedInventory.in(rooms);
          const { orgId, inventory } = upstream;
          const before = await upstream.sync(registryOf(held));
          const question: VersionQuery = { limit, sort, order };
          const seen: ModelVersionRow[] = [];
          let [cursor, made]: [string | null, number] = ['', 0];
          while (cursor !== null) {
            made += 1;
            const [page]: [ModelVersionPage, unknown] = await Promise.all([
              inventory.versions(orgId, { ...question, ...(cursor ? { cursor } : {}) }),
              upstream.sync(registryOf([...held, ...inserted.slice(0, made)])),
            ]);
            seen.push(...page.items);
            cursor = page.nextCursor;
          }
          const ids = seen.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids).toEqual(expect.arrayContaining(before));
          const whole = await inventory.versions(orgId, { ...question, limit: 200 });
          const wanted = new Set(ids);
          expect(ids).toEqual(whole.items.map(({ id }) => id).filter((id) => wanted.has(id)));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  }, 120_000);
});
