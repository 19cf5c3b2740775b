import type { Change } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import { HISTORY } from './random-registries.fixture';
import { SketchedInventory } from './registry.fixture';

/** What a version shows, under the names of the change log; a named value by its whole name. */
type Shown = Record<string, unknown>;

/** Read from the tables, apart from the rooms. Instants are told by their being there. */
async function shownNow(rooms: TestRooms, orgId: string): Promise<Map<string, Shown>> {
  const rows = await rooms.test.asSuperuser<{ id: string; fields: Shown; named: Record<string, Shown> }>(
    `SELECT v.id,
       jsonb_build_object('stage', v.stage, 'aliases', v.aliases, 'description', v.description, 'source', v.source_uri,
         'runId', v.run_id, 'removedAt', v.removed_at IS NOT NULL, 'modelDescription', m.description, 'run.state', r.state,
         'run.status', r.status, 'commit', r.commit, 'creator', r.creator, 'datasets', coalesce(r.datasets, '[]'), 'experiment.id', e.experiment_id, 'experiment.name', e.name,
         'experiment.artifactLocation', e.artifact_location, 'experiment.lifecycle', e.lifecycle) AS fields,
       jsonb_build_object('tags', v.tags, 'modelTags', m.tags, 'metrics', coalesce(r.metrics, '{}'),
         'parameters', coalesce(r.parameters, '{}')) AS named
     FROM model_version v
     JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
     LEFT JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
     LEFT JOIN experiment e ON e.org_id = v.org_id AND e.source_id = v.source_id AND e.experiment_id = r.experiment_id
     WHERE v.org_id = $1`,
    [orgId],
  );
  return new Map(
    rows.map(({ id, fields, named }) => {
      const values = Object.entries(named).flatMap(([kind, of]) =>
        Object.entries(of).map(([name, value]) => [`${kind}.${name}`, value] as const),
      );
      return [id, { ...fields, ...Object.fromEntries(values) }];
    }),
  );
}

/** One change more. A value that is gone is no value. */
function folded(before: Shown, { field, old, new: next }: Change): Shown {
  const isInstant = field === 'removedAt';
  const [from, to] = isInstant ? [old !== null, next !== null] : [old, next];
  expect([field, before[field] ?? null]).toEqual([field, from]);
  if (to !== null || field in FIELDS) return { ...before, [field]: to };
  return Object.fromEntries(Object.entries(before).filter(([name]) => name !== field));
}

/** What every version shows, be it null. */
const FIELDS: Shown = {
  ...{ runId: null, 'run.state': null, 'run.status': null, commit: null, creator: null },
  ...{ 'experiment.id': null, 'experiment.name': null },
  ...{ 'experiment.artifactLocation': null, 'experiment.lifecycle': null },
};

describe('the change log of a version', () => {
  let rooms: TestRooms;

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  afterAll(() => rooms?.close());

  it('leads, change by change, from what was first seen to what is held, whatever happened between', async () => {
    await fc.assert(
      fc.asyncProperty(HISTORY, fc.integer({ min: 1, max: 9 }), async (history, limit) => {
        const upstream = await SketchedInventory.in(rooms);
        const { orgId, inventory } = upstream;
        const first = new Map<string, Shown>();
        const written = async () => {
          for (const [id, shown] of await shownNow(rooms, orgId)) if (!first.has(id)) first.set(id, shown);
        };
        for (const { registry, pageSize } of history) await upstream.sync(registry, { pageSize, written });
        const now = await shownNow(rooms, orgId);
        expect([...now.keys()].sort()).toEqual([...first.keys()].sort());
        for (const [id, start] of first) {
          const changes: Change[] = [];
          for (let cursor: string | null = ''; cursor !== null;) {
            const page = await inventory.changesOfVersion(orgId, id, {
              limit,
              ...(cursor ? { cursor } : {}),
            });
            changes.unshift(...page.items.reverse());
            cursor = page.nextCursor;
          }
          const [birth, ...later] = changes;
          expect(birth).toMatchObject({ field: 'version', old: null });
          expect(later.reduce(folded, start)).toEqual(now.get(id));
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 240_000);
});
