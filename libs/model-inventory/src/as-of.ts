import type { MetricValue, RunState, Stage, VersionDataset } from '@vw/shared-contracts';
import { isLive } from './row-mapping';
import type { DetailedVersion } from './version-detail';

/** What changed in one version after an instant: the value of each field at that instant. Null: it had none. */
export interface NewerChanges {
  /** The version was first seen after the instant. */
  unseen: boolean;
  fields: Partial<Fields>;
  tags: readonly Old<string>[];
  modelTags: readonly Old<string>[];
  metrics: readonly Old<MetricValue>[];
  parameters: readonly Old<string>[];
}

type Old<Value> = readonly [name: string, old: Value | null];

/** By the names that the change log gives them. */
interface Fields {
  stage: Stage;
  aliases: string[];
  description: string;
  source: string;
  runId: string | null;
  updatedAt: string;
  removedAt: string | null;
  modelDescription: string;
  'run.state': RunState | null;
  'run.status': string | null;
  commit: string | null;
  creator: string | null;
  datasets: VersionDataset[];
  'experiment.id': string | null;
  'experiment.name': string | null;
  'experiment.artifactLocation': string | null;
}

/** The row with all newer changes taken back. Gaps were never logged: unknown, but for a version that was not live and needs none. */
export function takenBack(row: DetailedVersion, newer: NewerChanges): DetailedVersion {
  const was: Fields = { ...fieldsOf(row), ...newer.fields };
  const live = isLive(was.stage, was.aliases);
  return {
    ...row,
    stage: was.stage,
    aliases: was.aliases,
    description: was.description,
    source_uri: was.source,
    run_id: was.runId,
    updated_at: new Date(was.updatedAt),
    removed_at: was.removedAt === null ? null : new Date(was.removedAt),
    model_description: was.modelDescription,
    evidence_state: was['run.state'],
    evidence_status: was['run.status'],
    commit: was.commit,
    creator: was.creator,
    datasets: was.datasets,
    experiment_id: was['experiment.id'],
    experiment_name: was['experiment.name'],
    artifact_location: was['experiment.artifactLocation'],
    tags: restored(row.tags, newer.tags),
    model_tags: restored(row.model_tags, newer.modelTags),
    metrics: restored(row.metrics ?? {}, newer.metrics),
    parameters: restored(row.parameters ?? {}, newer.parameters),
    live,
    open_gaps: live ? null : 0,
  };
}

function fieldsOf(row: DetailedVersion): Fields {
  return {
    stage: row.stage,
    aliases: row.aliases,
    description: row.description,
    source: row.source_uri,
    runId: row.run_id,
    updatedAt: row.updated_at.toISOString(),
    removedAt: row.removed_at?.toISOString() ?? null,
    modelDescription: row.model_description,
    'run.state': row.evidence_state,
    'run.status': row.evidence_status,
    commit: row.commit,
    creator: row.creator,
    datasets: row.datasets ?? [],
    'experiment.id': row.experiment_id,
    'experiment.name': row.experiment_name,
    'experiment.artifactLocation': row.artifact_location,
  };
}

/** `Object.fromEntries` defines own keys, so that one named `__proto__` is one like any other. */
function restored<Value>(now: Record<string, Value>, old: readonly Old<Value>[]): Record<string, Value> {
  const values = new Map(Object.entries(now));
  for (const [name, value] of old) {
    if (value === null) values.delete(name);
    else values.set(name, value);
  }
  return Object.fromEntries(values);
}
