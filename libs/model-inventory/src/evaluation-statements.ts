import type { Transaction } from '@vw/platform';
import type { MetricValue, Requirement, RunState, Stage, VersionDataset } from '@vw/shared-contracts';
import { LIVE_ALIASES } from './row-mapping';

/** All that a rule may ask of a version. */
export interface VersionFacts {
  id: string;
  modelId: string;
  modelName: string;
  version: string;
  stage: Stage;
  aliases: string[];
  live: boolean;
  /** With microseconds, as it goes back into `setOpenGaps`; null while the version is there. */
  removedAt: string | null;
  /** Hex; goes back into `setOpenGaps`. */
  hash: string;
  description: string;
  modelDescription: string;
  tags: Record<string, string>;
  modelTags: Record<string, string>;
  /** The run, or the LoggedModel of a version without one. */
  evidence: {
    state: RunState;
    status: string | null;
    metrics: Record<string, MetricValue>;
    parameters: Record<string, string>;
    commit: string | null;
    datasets: VersionDataset[];
  } | null;
  /** When the version was last seen to become live; where no move was seen, when it was first seen. */
  movedAt: Date | null;
  /** When a tag, a metric or the source was last seen to change. */
  changedAt: Date | null;
}

/** What an evaluation says of a version that it judged as `hash` and `removedAt` tell. */
export interface OpenGaps {
  id: string;
  hash: string;
  removedAt: string | null;
  /** Null = unknown. */
  openGaps: number | null;
  /** The reviews that are known to lack. */
  requirements: readonly Requirement[];
}

interface FactsRow {
  id: string;
  model_id: string;
  model_name: string;
  version: string;
  stage: Stage;
  aliases: string[];
  live: boolean;
  removed_at: string | null;
  hash: string;
  description: string;
  model_description: string;
  tags: Record<string, string>;
  model_tags: Record<string, string>;
  evidence_state: RunState | null;
  evidence_status: string | null;
  metrics: Record<string, MetricValue> | null;
  parameters: Record<string, string> | null;
  commit: string | null;
  datasets: VersionDataset[] | null;
  moved_at: Date | null;
  changed_at: Date | null;
}

/**
 * The versions with their run and the two dates of their change log, in one statement a chunk. Each is looked up by its key, behind an
 * `OFFSET 0`: without statistics of the organization the planner would read all of it for each chunk.
 */
export async function selectFacts(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<VersionFacts[]> {
  const rows = await tx.query<FactsRow>(
    `SELECT v.id, v.model_id, v.model_name, v.version, v.stage, v.aliases, v.live, v.removed_at::text, encode(v.hash, 'hex') AS hash,
       v.description, m.description AS model_description, v.tags, m.tags AS model_tags,
       r.state AS evidence_state, r.status AS evidence_status, r.metrics, r.parameters, r.commit, r.datasets,
       c.moved_at, c.changed_at
     FROM unnest($2::uuid[]) AS i (id)
     CROSS JOIN LATERAL (SELECT * FROM model_version WHERE org_id = $1 AND id = i.id OFFSET 0) v
     CROSS JOIN LATERAL (SELECT description, tags FROM model WHERE org_id = $1 AND id = v.model_id OFFSET 0) m
     LEFT JOIN LATERAL (
       SELECT * FROM run WHERE org_id = $1 AND source_id = v.source_id AND run_id = v.evidence_id OFFSET 0
     ) r ON true
     LEFT JOIN LATERAL (
       SELECT max(c.observed_at) FILTER (WHERE c.field = 'version' OR (c.field = 'stage' AND c.new = '"Production"')
           OR (c.field = 'aliases' AND EXISTS (SELECT FROM jsonb_array_elements_text(c.new) a
             WHERE a = ANY($3::text[]) AND NOT coalesce(c.old, '[]') ? a))) AS moved_at,
         max(c.observed_at) FILTER (WHERE c.field = 'source' OR c.field ~ '^(tags|modelTags|metrics)[.]') AS changed_at
       FROM version_change c WHERE c.org_id = $1 AND c.version_id = v.id
     ) c ON true`,
    [orgId, ids, [...LIVE_ALIASES]],
  );
  return rows.map(toFacts);
}

/** Versions that changed since they were evaluated, live ones apart. */
export async function selectPending(
  tx: Transaction,
  orgId: string,
): Promise<{ id: string; live: boolean }[]> {
  return tx.query('SELECT id, live FROM model_version WHERE org_id = $1 AND open_gaps IS NULL', [orgId]);
}

export async function selectLive(
  tx: Transaction,
  orgId: string,
  modelId: string | null,
): Promise<{ id: string }[]> {
  return tx.query(
    `SELECT id FROM model_version
     WHERE org_id = $1 AND live AND removed_at IS NULL AND ($2::uuid IS NULL OR model_id = $2)`,
    [orgId, modelId],
  );
}

export async function countLive(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM model_version WHERE org_id = $1 AND live AND removed_at IS NULL',
    [orgId],
  );
  return row?.n ?? 0;
}

/** Of equal names, as after a deletion, the model that was made last; none where several workspaces have it, for no name tells those apart. */
export async function selectVersionId(
  tx: Transaction,
  orgId: string,
  asked: { model: string; version: string },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `SELECT v.id FROM model_version v WHERE v.org_id = $1 AND v.model_name = $2 AND v.version = $3 AND v.removed_at IS NULL
       AND NOT EXISTS (SELECT FROM model_version o WHERE o.org_id = v.org_id AND o.model_name = v.model_name AND o.version = v.version
         AND o.removed_at IS NULL AND o.source_id <> v.source_id)
     ORDER BY v.created_at DESC LIMIT 1`,
    [orgId, asked.model, asked.version],
  );
  return row?.id ?? null;
}

/**
 * Writes only where the version is still the one that was judged: one that a sync changed meanwhile stays unknown until it is judged again.
 * A sync holds rows of which it makes the gaps unknown: those are skipped, where waiting could be a deadlock. What is locked keeps its place,
 * and is fetched from there: joined, it was looked for in the whole organization where statistics know nothing of it.
 */
export async function updateOpenGaps(
  tx: Transaction,
  orgId: string,
  gaps: readonly OpenGaps[],
): Promise<void> {
  await tx.execute(
    `WITH g AS (
       SELECT * FROM jsonb_to_recordset($2::jsonb) AS g (id uuid, hash text, "removedAt" timestamptz, "openGaps" integer, requirements text[])
     ), free AS (
       SELECT v.place FROM g
       CROSS JOIN LATERAL (
         SELECT ctid AS place FROM model_version
         WHERE org_id = $1 AND id = g.id AND hash = decode(g.hash, 'hex') AND removed_at IS NOT DISTINCT FROM g."removedAt"
           AND (open_gaps IS DISTINCT FROM g."openGaps" OR gap_requirements IS DISTINCT FROM g.requirements)
         FOR NO KEY UPDATE SKIP LOCKED
       ) v
     )
     UPDATE model_version v SET open_gaps = g."openGaps", gap_requirements = g.requirements
     FROM g WHERE v.org_id = $1 AND v.ctid = ANY (ARRAY(SELECT place FROM free)) AND v.id = g.id`,
    [orgId, JSON.stringify(gaps)],
  );
}

/** A part of 100,000, whose rows would be held for 14 s in one statement. Rows that a sync holds are skipped, as above. */
export async function updateNotLive(tx: Transaction, orgId: string, ids: readonly string[]): Promise<void> {
  await tx.execute(
    `WITH free AS (
       SELECT v.place FROM unnest($2::uuid[]) AS i (id)
       CROSS JOIN LATERAL (
         SELECT ctid AS place FROM model_version
         WHERE org_id = $1 AND id = i.id AND open_gaps IS NULL AND NOT live FOR NO KEY UPDATE SKIP LOCKED
       ) v
     )
     UPDATE model_version SET open_gaps = 0, gap_requirements = '{}'
     WHERE org_id = $1 AND ctid = ANY (ARRAY(SELECT place FROM free))`,
    [orgId, ids],
  );
}

export async function countModels(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM model WHERE org_id = $1', [
    orgId,
  ]);
  return row?.n ?? 0;
}

/** Every model ever seen, removed ones too. Instants as text keep their microseconds. */
export async function selectAllModels(
  tx: Transaction,
  orgId: string,
): Promise<{ id: string; name: string; created_at: string }[]> {
  return tx.query('SELECT id, name, created_at::text FROM model WHERE org_id = $1', [orgId]);
}

export async function selectRemovedModels(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<{ id: string; removed_at: Date }[]> {
  return tx.query(
    'SELECT id, removed_at FROM model WHERE org_id = $1 AND id = ANY($2::uuid[]) AND removed_at IS NOT NULL',
    [orgId, ids],
  );
}

function toFacts(row: FactsRow): VersionFacts {
  return {
    id: row.id,
    modelId: row.model_id,
    modelName: row.model_name,
    version: row.version,
    stage: row.stage,
    aliases: row.aliases,
    live: row.live,
    removedAt: row.removed_at,
    hash: row.hash,
    description: row.description,
    modelDescription: row.model_description,
    tags: row.tags,
    modelTags: row.model_tags,
    evidence: row.evidence_state && {
      state: row.evidence_state,
      status: row.evidence_status,
      metrics: row.metrics ?? {},
      parameters: row.parameters ?? {},
      commit: row.commit,
      datasets: row.datasets ?? [],
    },
    movedAt: row.moved_at,
    changedAt: row.changed_at,
  };
}
