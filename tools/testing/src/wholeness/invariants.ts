/**
 * What must hold of an organization's tables at any moment, whatever happened before. Each statement names its offenders; none is right.
 * `$1` is the organization. What an attempt counted that was taken over may name versions that a later one no longer finds: the counts of
 * such a run may be more than it saw, and are never less.
 */
export const INVARIANTS: readonly { rule: string; sql: string }[] = [
  {
    rule: 'a version is held once',
    sql: `SELECT model_name, version, count(*) FROM model_version v
          JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
          WHERE v.org_id = $1 AND v.removed_at IS NULL
          GROUP BY v.source_id, model_name, m.raw_name, version HAVING count(*) > 1`,
  },
  {
    rule: 'a version is written whole: with the run that it stands on, and the experiment of that',
    sql: `SELECT v.model_name, v.version FROM model_version v
          LEFT JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
          LEFT JOIN experiment e ON e.org_id = v.org_id AND e.source_id = v.source_id AND e.experiment_id = r.experiment_id
          WHERE v.org_id = $1 AND v.evidence_id IS NOT NULL
            AND (r.run_id IS NULL OR (r.experiment_id IS NOT NULL AND e.experiment_id IS NULL))`,
  },
  {
    rule: 'a version is first seen once, by the run that says so',
    sql: `SELECT v.model_name, v.version, count(c.id) FROM model_version v
          LEFT JOIN version_change c ON c.org_id = v.org_id AND c.version_id = v.id AND c.field = 'version'
          WHERE v.org_id = $1
          GROUP BY v.org_id, v.id HAVING count(c.id) <> 1 OR bool_or(c.run_id <> v.first_run_id)`,
  },
  {
    rule: 'a change names a run of the history',
    sql: `SELECT c.id FROM version_change c
          WHERE c.org_id = $1 AND NOT EXISTS (SELECT FROM sync_run s WHERE s.org_id = c.org_id AND s.id = c.run_id)`,
  },
  {
    // Instants are spelled by Postgres in one place and by Node in another: of those only their being there is compared.
    rule: 'a change begins where the one before it ended',
    sql: `SELECT * FROM (
            SELECT id, field, CASE WHEN field = 'removedAt' THEN to_jsonb(old IS NULL) ELSE old END AS old,
              lag(CASE WHEN field = 'removedAt' THEN to_jsonb(new IS NULL) ELSE new END) OVER history AS before,
              row_number() OVER history AS place
            FROM version_change WHERE org_id = $1 AND field <> 'version'
            WINDOW history AS (PARTITION BY version_id, field ORDER BY id)
          ) c WHERE place > 1 AND old IS DISTINCT FROM before`,
  },
  {
    rule: 'the newest change of a field ends at what is held',
    sql: `SELECT c.field, c.new, v.model_name, v.version FROM (
            SELECT DISTINCT ON (version_id, field) * FROM version_change WHERE org_id = $1 ORDER BY version_id, field, id DESC
          ) c
          JOIN model_version v ON v.org_id = $1 AND v.id = c.version_id
          JOIN model m ON m.org_id = $1 AND m.id = v.model_id
          LEFT JOIN run r ON r.org_id = $1 AND r.source_id = v.source_id AND r.run_id = v.evidence_id
          LEFT JOIN experiment e ON e.org_id = $1 AND e.source_id = v.source_id AND e.experiment_id = r.experiment_id
          WHERE c.field NOT IN ('updatedAt', 'experiment.lifecycle') AND c.new IS DISTINCT FROM nullif(CASE
            WHEN c.field = 'removedAt' AND c.new IS NOT NULL AND v.removed_at IS NOT NULL THEN c.new
            WHEN c.field = 'removedAt' THEN to_jsonb(v.removed_at)
            WHEN c.field LIKE 'tags.%' THEN v.tags -> substr(c.field, 6)
            WHEN c.field LIKE 'modelTags.%' THEN m.tags -> substr(c.field, 11)
            WHEN c.field LIKE 'metrics.%' THEN r.metrics -> substr(c.field, 9)
            WHEN c.field LIKE 'parameters.%' THEN r.parameters -> substr(c.field, 12)
            ELSE jsonb_build_object('version', v.version, 'stage', v.stage, 'aliases', v.aliases, 'description', v.description,
              'source', v.source_uri, 'runId', v.run_id, 'modelDescription', m.description, 'run.state', r.state,
              'run.status', r.status, 'commit', r.commit, 'creator', r.creator, 'datasets', coalesce(r.datasets, '[]'), 'experiment.id', e.experiment_id, 'experiment.name', e.name,
              'experiment.artifactLocation', e.artifact_location) -> c.field
            END, 'null')`,
  },
  {
    rule: 'what lists and cards count is what is held',
    sql: `SELECT stage, removed, gap_requirements, sum(n) FROM (
            SELECT stage, removed, gap_requirements, versions AS n FROM version_count WHERE org_id = $1
            UNION ALL SELECT stage, removed_at IS NOT NULL, coalesce(gap_requirements, '{}'), -1 FROM model_version WHERE org_id = $1
          ) c GROUP BY 1, 2, 3 HAVING sum(n) <> 0`,
  },
  {
    rule: 'what a search counts of a model is what is held',
    sql: `SELECT model_id, search_name, removed FROM (
            SELECT model_id, search_name, removed, none, staging, production, archived FROM model_count WHERE org_id = $1
            UNION ALL SELECT model_id, lower(model_name), removed_at IS NOT NULL, -(stage = 'None')::int, -(stage = 'Staging')::int,
              -(stage = 'Production')::int, -(stage = 'Archived')::int FROM model_version WHERE org_id = $1
          ) c GROUP BY 1, 2, 3 HAVING (sum(none), sum(staging), sum(production), sum(archived)) <> (0, 0, 0, 0)`,
  },
  {
    rule: 'the experiments that cards count are those that held versions stand on',
    sql: `SELECT source_id, experiment_id, sum(n) FROM (
            SELECT source_id, experiment_id, versions AS n FROM experiment_count WHERE org_id = $1
            UNION ALL SELECT v.source_id, r.experiment_id, -1 FROM model_version v
              JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
              WHERE v.org_id = $1 AND v.removed_at IS NULL AND r.experiment_id IS NOT NULL
          ) c GROUP BY 1, 2 HAVING sum(n) <> 0`,
  },
  {
    rule: 'a run counts what it created and removed',
    sql: `SELECT s.id, s.status, s.created, s.removed FROM sync_run s
          WHERE s.org_id = $1 AND (
            s.created <> (SELECT count(*) FROM model_version v WHERE v.org_id = s.org_id AND v.first_run_id = s.id)
            OR s.removed <> (SELECT count(*) FROM version_change c
                             WHERE c.org_id = s.org_id AND c.run_id = s.id AND c.field = 'removedAt' AND c.new IS NOT NULL))`,
  },
  {
    rule: 'a run counts no fewer updates than versions whose own fields it changed',
    sql: `SELECT s.id, s.updated FROM sync_run s
          WHERE s.org_id = $1 AND s.updated < (
            SELECT count(DISTINCT c.version_id) FROM version_change c
            JOIN model_version v ON v.org_id = c.org_id AND v.id = c.version_id
            WHERE c.org_id = s.org_id AND c.run_id = s.id AND v.first_run_id <> s.id
              AND (c.field IN ('stage', 'aliases', 'description', 'source', 'runId') OR c.field LIKE 'tags.%'))`,
  },
  {
    rule: 'created, updated and unchanged of a whole read are what it saw',
    sql: `SELECT id, created, updated, unchanged, versions FROM sync_run
          WHERE org_id = $1 AND complete AND (created + updated + unchanged < versions
            OR (attempt = 1 AND created + updated + unchanged <> versions))`,
  },
  {
    rule: 'a run has ended or goes on, with a reason exactly where it did not succeed',
    sql: `SELECT id, status, error_code, finished_at FROM sync_run
          WHERE org_id = $1 AND ((status IN ('queued', 'running')) <> (finished_at IS NULL)
            OR (status IN ('partial', 'failed')) <> (error_code IS NOT NULL)
            OR (trigger IN ('scheduled', 'manual') AND (status IN ('succeeded', 'partial')) <> complete))`,
  },
  {
    rule: 'the trail tells each end of a run once, with its counts',
    sql: `SELECT s.id, s.status, count(a.seq) FROM sync_run s
          LEFT JOIN audit_event a ON a.org_id = s.org_id AND a.action IN ('sync.ended', 'sync.cancelled') AND a.body::jsonb ->> 'runId' = s.id::text
          WHERE s.org_id = $1
          GROUP BY s.org_id, s.id
          HAVING count(a.seq) <> CASE WHEN s.status IN ('queued', 'running') THEN 0 ELSE 1 END
            OR bool_or(a.action = 'sync.cancelled' AND s.status <> 'cancelled')
            OR bool_or((a.body::jsonb #>> '{after,counts,created}')::int <> s.created
                    OR (a.body::jsonb #>> '{after,counts,updated}')::int <> s.updated)`,
  },
  {
    rule: 'the trail is one chain without a gap, up to its head',
    sql: `SELECT seq FROM (
            SELECT seq, hash, row_number() OVER trail AS place,
              sha256(coalesce(lag(hash) OVER trail, decode(repeat('00', 32), 'hex')) || convert_to(body, 'UTF8')) AS right_hash
            FROM audit_event WHERE org_id = $1 WINDOW trail AS (ORDER BY seq)
          ) e WHERE seq <> place OR hash <> right_hash
          UNION ALL
          SELECT h.seq FROM audit_head h LEFT JOIN audit_event e ON e.org_id = h.org_id AND e.seq = h.seq
          WHERE h.org_id = $1 AND (e.hash IS DISTINCT FROM h.hash OR h.seq <> (SELECT max(seq) FROM audit_event WHERE org_id = $1))`,
  },
];
