import type { Change } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import { HISTORY } from './random-registries.fixture';
import { SketchedInventory, type Named, type RegistrySketch, type VersionSketch } from './registry.fixture';

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

/** What every version shows, be it null. */
const FIELDS: Shown = {
  ...{ runId: null, 'run.state': null, 'run.status': null, commit: null, creator: null },
  ...{ 'experiment.id': null, 'experiment.name': null },
  ...{ 'experiment.artifactLocation': null, 'experiment.lifecycle': null },
};

/** What a version that is sent shows, told by what was sent alone: what cannot be read now stays as it was when it last could. */
class Sent {
  private readonly runs = new Map<string, { shown: Shown; experiment: string | null }>();
  private readonly experiments = new Map<string, Shown>();

  /** Of each version of the registry, in their order, once its page is written. */
  sync(registry: RegistrySketch, pageSize: number): Shown[] {
    const { versions } = registry;
    const shown: Shown[] = [];
    for (let at = 0; at < versions.length; at += pageSize) {
      const page = versions.slice(at, at + pageSize);
      for (const { evidence } of page) this.read(evidence, registry);
      shown.push(...page.map((version) => this.shown(version, registry)));
    }
    return shown;
  }

  private read(id: string | null, { runs, experiments }: RegistrySketch): void {
    if (id === null) return;
    const { state = 'missing', data = null } = runs.get(id) ?? {};
    const last = this.runs.get(id) ?? { shown: { datasets: [] }, experiment: null };
    if (!data) {
      this.runs.set(id, { ...last, shown: { ...last.shown, 'run.state': state } });
      return;
    }
    const { status, experiment, metrics, parameters, commit, creator, datasets = [] } = data;
    this.runs.set(id, {
      shown: {
        ...{ 'run.state': state, 'run.status': status },
        ...{ commit: commit ? stored(commit) : null, creator: creator ? stored(creator) : null },
        datasets: datasets.map((one) => ({ ...one, name: stored(one.name), digest: stored(one.digest) })),
        ...whole('metrics', metrics),
        ...whole('parameters', parameters),
      },
      experiment,
    });
    const { name, artifactLocation, lifecycle } = experiments.get(experiment) ?? {};
    if (name === undefined || artifactLocation === undefined) return;
    this.experiments.set(experiment, {
      ...{ 'experiment.id': experiment, 'experiment.name': stored(name) },
      ...{ 'experiment.artifactLocation': stored(artifactLocation), 'experiment.lifecycle': lifecycle },
    });
  }

  private shown(version: VersionSketch, { models }: RegistrySketch): Shown {
    const model = models.get(version.model);
    const run = this.runs.get(version.evidence ?? '');
    return {
      ...FIELDS,
      ...{ stage: version.stage, aliases: [...version.aliases].sort(), removedAt: false, datasets: [] },
      ...{ description: stored(version.description), source: stored(version.source) },
      ...{
        runId: version.logged || version.evidence === null ? null : stored(version.evidence),
        modelDescription: stored(model?.description ?? ''),
      },
      ...whole('tags', version.tags),
      ...whole('modelTags', model?.tags ?? []),
      ...run?.shown,
      ...this.experiments.get(run?.experiment ?? ''),
    };
  }
}

function whole<Value>(kind: string, values: Named<Value>): Shown {
  return Object.fromEntries(
    values.map(([name, value]) => [
      `${kind}.${stored(name)}`,
      typeof value === 'string' ? stored(value) : value,
    ]),
  );
}

/** As Postgres can hold it. */
function stored(text: string): string {
  return text.toWellFormed().replaceAll('\0', '␀');
}

/** One change more. A value that is gone is no value. */
function folded(before: Shown, { field, old, new: next }: Change): Shown {
  const isInstant = field === 'removedAt';
  const [from, to] = isInstant ? [old !== null, next !== null] : [old, next];
  expect([field, before[field] ?? null]).toEqual([field, from]);
  if (to !== null || field in FIELDS) return { ...before, [field]: to };
  return Object.fromEntries(Object.entries(before).filter(([name]) => name !== field));
}

/** The same change undone. */
function undone(change: Change): Change {
  return { ...change, old: change.new, new: change.old };
}

describe('the change log of a version', () => {
  let rooms: TestRooms;

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  afterAll(() => rooms?.close());

  it('leads, change by change, from what was first sent to what is held and back again, whatever happened between', async () => {
    await fc.assert(
      fc.asyncProperty(HISTORY, fc.integer({ min: 1, max: 9 }), async (history, limit) => {
        const upstream = await SketchedInventory.in(rooms);
        const { orgId, inventory } = upstream;
        const sent = new Sent();
        const first = new Map<string, Shown>();
        for (const { registry, pageSize } of history) {
          const shown = sent.sync(registry, pageSize);
          const ids = await upstream.sync(registry, { pageSize });
          ids.forEach((id, at) => first.set(id, first.get(id) ?? shown[at] ?? {}));
        }
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
          const end = now.get(id) ?? {};
          expect(later.reduce(folded, start)).toEqual(end);
          expect(later.map(undone).reduceRight(folded, end)).toEqual(start);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 240_000);
});
