import type { Transaction } from '@vw/platform';
import type { MetricValue, ModelVersionDetail, RunState, VersionDataset } from '@vw/shared-contracts';
import { takenBack, type NewerChanges } from './as-of';
import { ROW, toRow, type ListedVersion } from './read-statements';

export interface DetailedVersion extends ListedVersion {
  model_description: string;
  model_tags: Record<string, string>;
  run_id: string | null;
  tags: Record<string, string>;
  source_uri: string;
  evidence_state: RunState | null;
  evidence_status: string | null;
  metrics: Record<string, MetricValue> | null;
  parameters: Record<string, string> | null;
  commit: string | null;
  creator: string | null;
  datasets: VersionDataset[] | null;
  experiment_id: string | null;
  experiment_name: string | null;
  artifact_location: string | null;
  /** Of its oldest change, which is that it was registered. */
  first_seen_at: Date;
}

export async function selectDetail(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<ModelVersionDetail | null> {
  const row = await selectDetailed(tx, orgId, id);
  return row && toDetail(row);
}

/**
 * The row first, then the log: what a sync writes in between is newer than any instant asked for, and its old values are the row's.
 * Null before the version was first seen.
 */
export async function selectDetailAsOf(
  tx: Transaction,
  orgId: string,
  asked: { id: string; at: number },
): Promise<ModelVersionDetail | null> {
  const row = await selectDetailed(tx, orgId, asked.id);
  if (!row) return null;
  const newer = await selectNewerChanges(tx, orgId, asked);
  return newer.unseen ? null : toDetail(takenBack(row, newer));
}

async function selectDetailed(tx: Transaction, orgId: string, id: string): Promise<DetailedVersion | null> {
  const [row] = await tx.query<DetailedVersion>(
    `SELECT ${ROW}, '' AS sort_key, m.description AS model_description, m.tags AS model_tags, v.run_id, v.tags, v.source_uri,
       r.state AS evidence_state, r.status AS evidence_status, r.metrics, r.parameters, r.commit, r.creator, r.datasets,
       (SELECT c.observed_at FROM version_change c WHERE c.org_id = v.org_id AND c.version_id = v.id ORDER BY c.id LIMIT 1) AS first_seen_at,
       e.experiment_id, e.name AS experiment_name, e.artifact_location
     FROM model_version v
     JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
     LEFT JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
     LEFT JOIN experiment e ON e.org_id = r.org_id AND e.source_id = r.source_id AND e.experiment_id = r.experiment_id
     WHERE v.org_id = $1 AND v.id = $2`,
    [orgId, id],
  );
  return row ?? null;
}

/**
 * Of each field the oldest change after the instant: what it was before that one, it was at the instant. The wire tells instants in
 * milliseconds, so a change counts from the one on in which it is told to have happened.
 */
async function selectNewerChanges(
  tx: Transaction,
  orgId: string,
  { id, at }: { id: string; at: number },
): Promise<NewerChanges> {
  const [row] = await tx.query<NewerChanges>(
    `WITH oldest AS (
       SELECT DISTINCT ON (field) field, old, substr(field, strpos(field, '.') + 1) AS name,
         CASE WHEN field ~ '^(tags|modelTags|metrics|parameters)[.]' THEN split_part(field, '.', 1) END AS kind
       FROM version_change
       WHERE org_id = $1 AND version_id = $2 AND date_trunc('milliseconds', observed_at) > to_timestamp($3::numeric / 1000)
       ORDER BY field, id
     )
     SELECT coalesce(bool_or(field = 'version'), false) AS unseen,
       coalesce(jsonb_object_agg(field, old) FILTER (WHERE kind IS NULL), '{}') AS fields,
       ${['tags', 'modelTags', 'metrics', 'parameters']
         .map(
           (kind) =>
             `coalesce(jsonb_agg(jsonb_build_array(name, old)) FILTER (WHERE kind = '${kind}'), '[]') AS "${kind}"`,
         )
         .join(', ')}
     FROM oldest`,
    [orgId, id, at],
  );
  if (!row) throw new Error('An aggregate answers one row.');
  return row;
}

function toDetail(row: DetailedVersion): ModelVersionDetail {
  return {
    ...toRow(row),
    modelDescription: row.model_description,
    modelTags: row.model_tags,
    runId: row.run_id,
    run: row.run_id && row.evidence_state ? { state: row.evidence_state, status: row.evidence_status } : null,
    tags: row.tags,
    parameters: row.parameters ?? {},
    metrics: row.metrics ?? {},
    commit: row.commit,
    creator: row.creator,
    datasets: row.datasets ?? [],
    experiment:
      row.experiment_id === null
        ? null
        : {
            id: row.experiment_id,
            name: row.experiment_name ?? '',
            artifactLocation: row.artifact_location ?? '',
          },
    source: row.source_uri,
    firstSeenAt: row.first_seen_at.toISOString(),
  };
}
