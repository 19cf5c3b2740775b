import type { EvidenceRow, ExperimentRow, ModelRow, VersionRow } from './row-mapping';

/** Logged, so that a version can be shown as it was; left out of lists, for every other change brings it along. */
export const UPDATED_AT = 'updatedAt';

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
  'id' | 'stage' | 'aliases' | 'description' | 'tags' | 'source_uri' | 'run_id' | 'evidence_id'
> & { updated_at: Date; removed_at: Date | null };

/** A run as a version on it shows it: with its experiment, where that could be read. */
export type ShownEvidence = EvidenceRow & { experiment: ExperimentRow | null };

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
    ...of(UPDATED_AT, stored.updated_at, next.updated_at),
    ...entryChanges(next.id, 'tags', stored.tags, next.tags),
  ];
}

export function modelChanges(stored: Pick<ModelRow, 'description' | 'tags'>, next: ModelRow): FieldChange[] {
  return [
    ...difference(next.id, 'modelDescription', stored.description, next.description),
    ...entryChanges(next.id, 'modelTags', stored.tags, next.tags),
  ];
}

/** From one state of a run to the next, or, for a version, from the run that it stood on to another. Null is none. */
export function evidenceChanges(
  key: string,
  old: ShownEvidence | null,
  next: ShownEvidence | null,
): FieldChange[] {
  return [
    ...difference(key, 'run.state', old?.state ?? null, next?.state ?? null),
    ...difference(key, 'run.status', old?.status ?? null, next?.status ?? null),
    ...difference(key, 'commit', old?.commit ?? null, next?.commit ?? null),
    ...difference(key, 'creator', old?.creator ?? null, next?.creator ?? null),
    ...difference(key, 'datasets', old?.datasets ?? [], next?.datasets ?? []),
    ...experimentChanges(key, old?.experiment ?? null, next?.experiment ?? null),
    ...entryChanges(key, 'metrics', old?.metrics ?? {}, next?.metrics ?? {}),
    ...entryChanges(key, 'parameters', old?.parameters ?? {}, next?.parameters ?? {}),
  ];
}

/** Null is one that could not be read: a version on its run shows none then. */
export function experimentChanges(
  key: string,
  old: ExperimentRow | null,
  next: ExperimentRow | null,
): FieldChange[] {
  const of = (field: string, name: keyof ExperimentRow): FieldChange[] =>
    difference(key, field, old?.[name] ?? null, next?.[name] ?? null);
  return [
    ...of('experiment.id', 'experiment_id'),
    ...of('experiment.name', 'name'),
    ...of('experiment.artifactLocation', 'artifact_location'),
    ...of('experiment.lifecycle', 'lifecycle'),
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
