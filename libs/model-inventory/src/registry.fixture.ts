import { Database } from '@vw/platform';
import type { MetricValue, ModelVersionDetail, RunState, Stage, VersionDataset } from '@vw/shared-contracts';
import { startRooms, type TestRooms } from '@vw/testing';
import { sourceId, versionId } from './identity';
import { ModelInventory } from './model-inventory';
import { ModelInventoryModule } from './model-inventory.module';
import { RemovedVersions } from './removed-versions';
import type { EvidenceRecord, ExperimentRecord, ModelKey, VersionRecord } from './records';

export type Named<Value> = readonly (readonly [name: string, value: Value])[];

export interface VersionSketch {
  model: string;
  version: string;
  stage: Stage;
  aliases: readonly string[];
  description: string;
  tags: Named<string>;
  updatedAt: number;
  source: string;
  /** Name of a run; of a LoggedModel where `logged`. */
  evidence: string | null;
  logged: boolean;
}

export interface RunSketch {
  state: RunState;
  /** Null where it cannot be read. */
  data: {
    status: string;
    experiment: string;
    metrics: Named<MetricValue>;
    parameters: Named<string>;
    commit?: string | null;
    creator?: string | null;
    datasets?: readonly VersionDataset[];
  } | null;
}

/** A registry as MLflow would answer it now. */
export interface RegistrySketch {
  models: ReadonlyMap<string, { description: string; tags: Named<string> }>;
  versions: readonly VersionSketch[];
  runs: ReadonlyMap<string, RunSketch>;
  experiments: ReadonlyMap<string, Omit<ExperimentRecord, 'id'>>;
}

const BORN = 1_700_000_000_000;

/** An organization whose inventory a spec writes page by page, as a sync does. */
export class SketchedInventory {
  readonly inventory: ModelInventory;
  private readonly removed: RemovedVersions;
  private readonly ids = new Set<string>();

  private constructor(
    private readonly rooms: TestRooms,
    readonly orgId: string,
  ) {
    this.inventory = rooms.app.get(ModelInventory, { strict: false });
    this.removed = rooms.app.get(RemovedVersions, { strict: false });
  }

  static start(): Promise<TestRooms> {
    return startRooms([ModelInventoryModule]);
  }

  static async in(rooms: TestRooms): Promise<SketchedInventory> {
    return new SketchedInventory(rooms, await rooms.createOrganization());
  }

  /** Ids of all versions ever written. */
  get versionIds(): readonly string[] {
    return [...this.ids];
  }

  /** One whole sync; `written` is called after each of its transactions. Returns the ids of the versions in their order. */
  async sync(
    registry: RegistrySketch,
    options: { pageSize?: number; written?: () => Promise<void> } = {},
  ): Promise<string[]> {
    const { orgId, inventory } = this;
    const { pageSize = 1_000, written = async () => undefined } = options;
    const origin = { runId: crypto.randomUUID(), sourceId: sourceId(orgId, 'http://mlflow.example', '') };
    const models = [...registry.models].map(([name, { description, tags }]) => ({
      ...{ name, createdAt: BORN, updatedAt: BORN, description, tags: new Map(tags) },
    }));
    const keys = new Map(
      (await inventory.applyModels(orgId, origin, models)).map((key) => [key.name, key] as const),
    );
    await written();
    const records = registry.versions.flatMap((sketch) => toRecord(sketch, registry, keys.get(sketch.model)));
    for (let at = 0; at < records.length; at += pageSize) {
      await inventory.apply(orgId, origin, records.slice(at, at + pageSize));
      await written();
    }
    const ids = records.map((record) => versionId(record.model.id, record.version, record.createdAt));
    const gone: string[] = [];
    for await (const part of this.removed.versionIds(orgId, origin.sourceId))
      gone.push(...part.filter((id) => !ids.includes(id)));
    await this.removed.stamp(orgId, origin, gone);
    await written();
    ids.forEach((id) => this.ids.add(id));
    return ids;
  }

  /** All that can be opened now. */
  async details(): Promise<ReadonlyMap<string, ModelVersionDetail>> {
    const details = new Map<string, ModelVersionDetail>();
    for (const row of (await this.inventory.versions(this.orgId, { removed: 'true', limit: 200 })).items)
      details.set(row.id, await this.inventory.version(this.orgId, row.id));
    return details;
  }

  /** An instant behind all that was written and before all that will be: returns when the database's clock has left it. */
  async instant(): Promise<number> {
    const at = await this.clock();
    while ((await this.clock()) <= at);
    return at;
  }

  private async clock(): Promise<number> {
    const [row] = await this.rooms.app
      .get(Database)
      .orgTransaction(this.orgId, (tx) =>
        tx.query<{ ms: number }>('SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms'),
      );
    return row?.ms ?? 0;
  }
}

function toRecord(
  sketch: VersionSketch,
  registry: RegistrySketch,
  model: ModelKey | undefined,
): VersionRecord[] {
  if (!model) return [];
  const evidence = toEvidence(sketch, registry);
  const experiment = evidence?.data && registry.experiments.get(evidence.data.experimentId);
  const { version, stage, aliases, description, tags, updatedAt, source } = sketch;
  return [
    {
      ...{ model, version, createdAt: BORN + Number(version), updatedAt: BORN + updatedAt, stage, aliases },
      ...{
        description,
        tags: new Map(tags),
        source,
        runId: sketch.logged ? null : sketch.evidence,
        evidence,
      },
      experiment: (evidence?.data && experiment && { id: evidence.data.experimentId, ...experiment }) ?? null,
    },
  ];
}

function toEvidence({ evidence: id }: VersionSketch, { runs }: RegistrySketch): EvidenceRecord | null {
  if (id === null) return null;
  const run = runs.get(id);
  if (!run?.data) return { id, state: run?.state ?? 'missing', data: null };
  const { status, experiment, metrics, parameters, commit = null, creator = null, datasets = [] } = run.data;
  return {
    ...{ id, state: run.state },
    data: {
      ...{ status, experimentId: experiment },
      ...{ metrics: new Map(metrics), parameters: new Map(parameters), commit, creator, datasets },
    },
  };
}
