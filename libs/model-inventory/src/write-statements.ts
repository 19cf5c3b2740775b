import type { Transaction } from '@vw/platform';
import type { FieldChange, ShownEvidence, StoredVersion } from './changes';
import type { SyncOrigin } from './records';
import type { EvidenceRow, ExperimentRow, ModelRow, VersionRow } from './row-mapping';

/** A row of the page that differs from what is stored, or is not stored yet. */
export interface Differing {
  id: string;
  created: boolean;
  /** Counted by this run already, in a page or attempt before. */
  counted: boolean;
}

/*
 * Stored rows are looked up one by one by their key, behind an `OFFSET 0` that the planner does not look through: while it has no
 * statistics of the organization it would rather read all of it, for each page anew, which grows with the square of the versions.
 */

/**
 * The page joined to the stored hashes. Unchanged rows are read, never touched: on 100,000 of them a bare `ON CONFLICT … WHERE` updates
 * nothing, yet locks every row and writes 20 MB of WAL; this join writes 0 bytes in a third of the time.
 */
export async function selectDiffering(
  tx: Transaction,
  table: 'model' | 'model_version',
  asked: { orgId: string; runId: string; rows: readonly { id: string; hash: string }[] },
): Promise<Differing[]> {
  return tx.query<Differing>(
    `SELECT i.id, s.id IS NULL AS created, s.changed_run_id IS NOT DISTINCT FROM $2::uuid AS counted
     FROM unnest($3::uuid[], $4::text[]) AS i (id, hash)
     LEFT JOIN LATERAL (
       SELECT id, hash, changed_run_id, removed_at FROM ${table} WHERE org_id = $1 AND id = i.id OFFSET 0
     ) s ON true
     WHERE s.id IS NULL OR s.hash <> decode(i.hash, 'hex') OR s.removed_at IS NOT NULL`,
    [asked.orgId, asked.runId, asked.rows.map((row) => row.id), asked.rows.map((row) => row.hash)],
  );
}

export async function selectStoredVersions(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<StoredVersion[]> {
  return tx.query<StoredVersion>(
    `SELECT s.* FROM unnest($2::uuid[]) AS i (id)
     CROSS JOIN LATERAL (
       SELECT id, stage, aliases, description, tags, source_uri, run_id, evidence_id, updated_at, removed_at
       FROM model_version WHERE org_id = $1 AND id = i.id OFFSET 0
     ) s`,
    [orgId, ids],
  );
}

export async function selectStoredModels(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<ModelRow[]> {
  return tx.query<ModelRow>(
    `SELECT s.* FROM unnest($2::uuid[]) AS i (id)
     CROSS JOIN LATERAL (SELECT id, description, tags FROM model WHERE org_id = $1 AND id = i.id OFFSET 0) s`,
    [orgId, ids],
  );
}

/** Runs as the versions on them show them: with the experiment that is stored. */
export async function selectShownEvidence(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  ids: readonly string[],
): Promise<ShownEvidence[]> {
  return tx.query<ShownEvidence>(
    `SELECT r.run_id, r.state, r.status, r.experiment_id, r.metrics, r.parameters, r.commit, r.creator, r.datasets, to_jsonb(e) AS experiment
     FROM run r
     LEFT JOIN LATERAL (
       SELECT x.experiment_id, x.name, x.artifact_location, x.lifecycle FROM experiment x
       WHERE x.org_id = r.org_id AND x.source_id = r.source_id AND x.experiment_id = r.experiment_id
     ) e ON true
     WHERE r.org_id = $1 AND r.source_id = $2 AND r.run_id = ANY($3::text[])`,
    [orgId, origin.sourceId, ids],
  );
}

export async function selectStoredExperiments(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  ids: readonly string[],
): Promise<ExperimentRow[]> {
  return tx.query<ExperimentRow>(
    `SELECT experiment_id, name, artifact_location, lifecycle FROM experiment
     WHERE org_id = $1 AND source_id = $2 AND experiment_id = ANY($3::text[])`,
    [orgId, origin.sourceId, ids],
  );
}

export async function upsertModels(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  rows: readonly ModelRow[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO model (org_id, id, source_id, name, raw_name, description, tags, created_at, updated_at, hash, first_run_id, changed_run_id)
     SELECT $1, r.id, $2, r.name, r.raw_name, r.description, r.tags, r.created_at, r.updated_at, decode(r.hash, 'hex'), $3, $3
     FROM jsonb_to_recordset($4::jsonb) AS r (id uuid, name text, raw_name text, description text, tags jsonb,
       created_at timestamptz, updated_at timestamptz, hash text)
     ON CONFLICT (org_id, id) DO UPDATE SET description = excluded.description, tags = excluded.tags,
       updated_at = excluded.updated_at, hash = excluded.hash, changed_run_id = excluded.changed_run_id, removed_at = NULL`,
    [orgId, origin.sourceId, origin.runId, JSON.stringify(rows)],
  );
}

export async function upsertExperiments(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  rows: readonly ExperimentRow[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO experiment (org_id, source_id, experiment_id, name, artifact_location, lifecycle)
     SELECT $1, $2, r.experiment_id, r.name, r.artifact_location, r.lifecycle
     FROM jsonb_to_recordset($3::jsonb) AS r (experiment_id text, name text, artifact_location text, lifecycle text)
     ON CONFLICT (org_id, source_id, experiment_id) DO UPDATE SET name = excluded.name,
       artifact_location = excluded.artifact_location, lifecycle = excluded.lifecycle`,
    [orgId, origin.sourceId, JSON.stringify(rows)],
  );
}

/** A run that could not be read keeps its last known values: only its state is written. */
export async function upsertEvidence(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  rows: readonly EvidenceRow[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO run (org_id, source_id, run_id, state, status, experiment_id, metrics, parameters, commit, creator, datasets)
     SELECT $1, $2, r.run_id, r.state, r.status, r.experiment_id, coalesce(r.metrics, '{}'), coalesce(r.parameters, '{}'), r.commit,
       r.creator, coalesce(r.datasets, '[]')
     FROM jsonb_to_recordset($3::jsonb) AS r (run_id text, state text, status text, experiment_id text, metrics jsonb, parameters jsonb,
       commit text, creator text, datasets jsonb)
     ON CONFLICT (org_id, source_id, run_id) DO UPDATE SET state = excluded.state,
       status = CASE WHEN excluded.experiment_id IS NULL THEN run.status ELSE excluded.status END,
       metrics = CASE WHEN excluded.experiment_id IS NULL THEN run.metrics ELSE excluded.metrics END,
       parameters = CASE WHEN excluded.experiment_id IS NULL THEN run.parameters ELSE excluded.parameters END,
       commit = CASE WHEN excluded.experiment_id IS NULL THEN run.commit ELSE excluded.commit END,
       creator = CASE WHEN excluded.experiment_id IS NULL THEN run.creator ELSE excluded.creator END,
       datasets = CASE WHEN excluded.experiment_id IS NULL THEN run.datasets ELSE excluded.datasets END,
       experiment_id = coalesce(excluded.experiment_id, run.experiment_id)`,
    [orgId, origin.sourceId, JSON.stringify(rows)],
  );
}

/** What is counted without a look at the runs: their versions name the experiment too. */
export async function updateExperiments(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  runIds: readonly string[],
): Promise<void> {
  await tx.execute(
    `UPDATE model_version v SET experiment_id = r.experiment_id FROM run r
     WHERE r.org_id = $1 AND r.source_id = $2 AND r.run_id = ANY($3::text[])
       AND v.org_id = r.org_id AND v.source_id = r.source_id AND v.evidence_id = r.run_id`,
    [orgId, origin.sourceId, runIds],
  );
}

/**
 * A new version that is not live lacks nothing, whatever the rules are: it is not written a second time to say so, which would make a new
 * entry in every index.
 */
export async function upsertVersions(
  tx: Transaction,
  orgId: string,
  origin: SyncOrigin,
  rows: readonly VersionRow[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO model_version (org_id, id, model_id, source_id, model_name, version, version_number, stage, aliases, description, tags,
       source_uri, run_id, evidence_id, experiment_id, created_at, updated_at, live, open_gaps, gap_requirements, hash,
       first_run_id, changed_run_id)
     SELECT $1, r.id, r.model_id, $2, r.model_name, r.version, r.version_number, r.stage, r.aliases, r.description, r.tags,
       r.source_uri, r.run_id, r.evidence_id,
       (SELECT e.experiment_id FROM run e WHERE e.org_id = $1 AND e.source_id = $2 AND e.run_id = r.evidence_id),
       r.created_at, r.updated_at, r.live, CASE WHEN NOT r.live THEN 0 END, CASE WHEN NOT r.live THEN '{}'::text[] END,
       decode(r.hash, 'hex'), $3, $3
     FROM jsonb_to_recordset($4::jsonb) AS r (id uuid, model_id uuid, model_name text, version text, version_number bigint, stage text,
       aliases text[], description text, tags jsonb, source_uri text, run_id text, evidence_id text, created_at timestamptz,
       updated_at timestamptz, live boolean, hash text)
     ON CONFLICT (org_id, id) DO UPDATE SET stage = excluded.stage, aliases = excluded.aliases, description = excluded.description,
       tags = excluded.tags, source_uri = excluded.source_uri, run_id = excluded.run_id, evidence_id = excluded.evidence_id,
       experiment_id = excluded.experiment_id, updated_at = excluded.updated_at, live = excluded.live, hash = excluded.hash,
       changed_run_id = excluded.changed_run_id, open_gaps = NULL, gap_requirements = NULL, removed_at = NULL`,
    [orgId, origin.sourceId, origin.runId, JSON.stringify(rows)],
  );
}

/** The versions that show a change of a version, model, run or experiment; removed ones too, for they can still be opened. */
const SHOWN_BY = {
  version: 'CROSS JOIN LATERAL (SELECT c.key::uuid AS id) v',
  model:
    'CROSS JOIN LATERAL (SELECT id FROM model_version WHERE org_id = $1 AND model_id = c.key::uuid OFFSET 0) v',
  evidence:
    'CROSS JOIN LATERAL (SELECT id FROM model_version WHERE org_id = $1 AND source_id = $4 AND evidence_id = c.key OFFSET 0) v',
  experiment: `CROSS JOIN LATERAL (SELECT run_id FROM run WHERE org_id = $1 AND source_id = $4 AND experiment_id = c.key OFFSET 0) r
     CROSS JOIN LATERAL (
       SELECT id FROM model_version WHERE org_id = $1 AND source_id = $4 AND evidence_id = r.run_id OFFSET 0
     ) v`,
} as const;

export async function insertChanges(
  tx: Transaction,
  shownBy: keyof typeof SHOWN_BY,
  write: { orgId: string; origin: SyncOrigin; changes: readonly FieldChange[] },
): Promise<void> {
  if (write.changes.length === 0) return;
  await tx.execute(
    `INSERT INTO version_change (org_id, version_id, run_id, field, old, new)
     SELECT $1, v.id, $2, c.field, nullif(c.old, 'null'), nullif(c.new, 'null')
     FROM jsonb_to_recordset($3::jsonb) AS c (key text, field text, old jsonb, new jsonb)
     ${SHOWN_BY[shownBy]} WHERE $4::uuid IS NOT NULL`,
    [write.orgId, write.origin.runId, JSON.stringify(write.changes), write.origin.sourceId],
  );
}
