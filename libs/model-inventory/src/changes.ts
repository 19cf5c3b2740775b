import type { EvidenceRow, ExperimentRow, ModelRow, VersionRow } from './row-mapping';

/** One field of one stored row that differs. */
export interface FieldChange {
  /** Id of the version, model, run or experiment. */
  key: string;
  field: string;
  old: unknown;
  new: unknown;
}

export type StoredVersion = Pick<
  VersionRow,
  'id' | 'stage' | 'aliases' | 'description' | 'tags' | 'source_uri' | 'run_id' | 'updated_at'
> & { removed_at: string | null };

/** What a version shows of itself; what it shows of its model, run and experiment is compared there, once for all versions. */
export function versionChanges(stored: StoredVersion, next: VersionRow): FieldChange[] {
  const of = (field: string, old: unknown, now: unknown): FieldChange[] =>
    difference(next.id, field, old, now);
  return [
    ...of('removedAt', stored.removed_at, null),
    ...of('stage', stored.stage, next.stage),
    ...of('aliases', stored.aliases, next.aliases),
    ...of('description', stored.description, next.description),
    ...of('source', stored.source_uri, next.source_uri),
    ...of('runId', stored.run_id, next.run_id),
    ...entryChanges(next.id, 'tags', stored.tags, next.tags),
  ];
}

export function modelChanges(stored: Pick<ModelRow, 'description' | 'tags'>, next: ModelRow): FieldChange[] {
  return [
    ...difference(next.id, 'modelDescription', stored.description, next.description),
    ...entryChanges(next.id, 'modelTags', stored.tags, next.tags),
  ];
}

/** Where the run could not be read, only that is a change: the last known values stay. */
export function evidenceChanges(stored: EvidenceRow, next: EvidenceRow): FieldChange[] {
  const state = difference(next.run_id, 'run.state', stored.state, next.state);
  if (!next.metrics || !next.parameters) return state;
  return [
    ...state,
    ...difference(next.run_id, 'run.status', stored.status, next.status),
    ...difference(next.run_id, 'experiment.id', stored.experiment_id, next.experiment_id),
    ...entryChanges(next.run_id, 'metrics', stored.metrics ?? {}, next.metrics),
    ...entryChanges(next.run_id, 'parameters', stored.parameters ?? {}, next.parameters),
  ];
}

export function experimentChanges(stored: ExperimentRow, next: ExperimentRow): FieldChange[] {
  return [
    ...difference(next.experiment_id, 'experiment.name', stored.name, next.name),
    ...difference(
      next.experiment_id,
      'experiment.artifactLocation',
      stored.artifact_location,
      next.artifact_location,
    ),
    ...difference(next.experiment_id, 'experiment.lifecycle', stored.lifecycle, next.lifecycle),
  ];
}

function entryChanges(
  key: string,
  prefix: string,
  old: Record<string, unknown>,
  now: Record<string, unknown>,
): FieldChange[] {
  const before = new Map(Object.entries(old));
  const after = new Map(Object.entries(now));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    difference(key, `${prefix}.${name}`, before.get(name) ?? null, after.get(name) ?? null),
  );
}

function difference(key: string, field: string, old: unknown, now: unknown): FieldChange[] {
  return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ key, field, old, new: now }];
}
