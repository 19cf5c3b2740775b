import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type Finding,
  type FindingPage,
  type FindingQuery,
  type FindingStatus,
  type Requirement,
  type Severity,
  type SeverityCounts,
  type Stage,
} from '@vw/shared-contracts';
import { REVIEWS, type RuleId } from './catalogue';
import type { Lack } from './judgement';

/** What an evaluation says of one rule and version. */
export interface JudgedFinding {
  version_id: string;
  rule: RuleId;
  severity: Severity;
  model_name: string;
  version: string;
  stage: Stage;
  /** The version is live and in MLflow. */
  required: boolean;
  /** False where it could not be judged: then a gap stays a gap, and nothing is opened or closed. */
  known: boolean;
  lack: Lack | null;
  status: FindingStatus | null;
  /** What a gap that was there stays, where it could not be judged. */
  still: FindingStatus;
  reason: string;
  due_at: Date | null;
}

/** Versions that are named in the trail of each rule's moves; the others are counted. */
const NAMED_VERSIONS = 3;

/** How many findings of a rule went from one status to another, and in which versions: the first by name. */
export interface MoveCount {
  rule: RuleId;
  old: FindingStatus | null;
  new: FindingStatus;
  n: number;
  versions: { model: string; version: string }[];
}

interface ListedFinding {
  id: string;
  rule: string;
  severity: Severity;
  version_id: string;
  model_name: string;
  version: string;
  stage: Stage;
  status: FindingStatus;
  since: Date;
  reason: string;
  since_key: string;
}

/**
 * Joins what was judged to what is stored and writes what differs, with a line in `finding_move` for each finding that it writes, which
 * tells how it stood from then on: one statement, however many versions. What is unknown, met or not required opens nothing; `since`
 * starts again only where a gap appears or goes, so that a waiver that ends does not make an old gap young.
 */
export async function writeFindings(
  tx: Transaction,
  orgId: string,
  write: { judged: readonly JudgedFinding[]; runId: string | null },
): Promise<MoveCount[]> {
  return tx.query<MoveCount>(
    `WITH judged AS (
       SELECT j.*, f.status AS old, n.status AS new, CASE WHEN j.known THEN j.lack ELSE f.lack END AS lacks
       FROM jsonb_to_recordset($2::jsonb) AS j (version_id uuid, rule text, severity text, model_name text, version text, stage text,
         required boolean, known boolean, lack text, status text, still text, reason text, due_at timestamptz)
       LEFT JOIN LATERAL (
         SELECT * FROM finding WHERE org_id = $1 AND version_id = j.version_id AND rule = j.rule OFFSET 0
       ) f ON true
       CROSS JOIN LATERAL (SELECT CASE WHEN j.known THEN j.status WHEN f.status IN ('open', 'acknowledged', 'waived') THEN j.still
         ELSE f.status END AS status) n
       WHERE CASE WHEN f.id IS NULL THEN j.known AND j.status <> 'closed' ELSE
         (f.severity, f.stage, f.required, f.known, f.due_at, f.reason, f.status)
           IS DISTINCT FROM (j.severity, j.stage, j.required, j.known, j.due_at, j.reason, n.status)
         OR (j.known AND f.lack IS DISTINCT FROM j.lack) END
     ), written AS (
       INSERT INTO finding (org_id, version_id, rule, severity, model_name, version, stage, required, known, lack, status, since, reason, due_at)
       SELECT $1, version_id, rule, severity, model_name, version, stage, required, known, lacks, new, now(), reason, due_at FROM judged
       ON CONFLICT (org_id, version_id, rule) DO UPDATE SET severity = excluded.severity, stage = excluded.stage,
         required = excluded.required, known = excluded.known, lack = excluded.lack, status = excluded.status, reason = excluded.reason,
         due_at = excluded.due_at, since = CASE
           WHEN (finding.status IN ('open', 'acknowledged', 'waived')) = (excluded.status IN ('open', 'acknowledged', 'waived'))
           THEN finding.since ELSE excluded.since END
       RETURNING id, version_id, rule, severity, stage, known, lack, status, since, reason
     ), moved AS (
       INSERT INTO finding_move (org_id, finding_id, old, new, reason, severity, stage, known, lack, since, run_id)
       SELECT $1, w.id, j.old, w.status, w.reason, w.severity, w.stage, w.known, w.lack, w.since, $3
       FROM judged j JOIN written w USING (version_id, rule)
     )
     SELECT rule, old, new, count(*)::int AS n,
       to_jsonb((array_agg(jsonb_build_object('model', model_name, 'version', version) ORDER BY model_name, version))[:${NAMED_VERSIONS}]) AS versions
     FROM judged WHERE old IS DISTINCT FROM new GROUP BY rule, old, new ORDER BY rule, old, new`,
    [orgId, JSON.stringify(write.judged), write.runId],
  );
}

/** Versions where an attestation or a waiver ran out. */
export async function selectDue(tx: Transaction, orgId: string): Promise<{ version_id: string }[]> {
  return tx.query(
    'SELECT DISTINCT version_id FROM finding WHERE org_id = $1 AND due_at <= clock_timestamp()',
    [orgId],
  );
}

/** Of these versions, or of all, those that were ever found something of. */
export async function selectKnown(
  tx: Transaction,
  orgId: string,
  among: readonly string[] | null,
): Promise<{ version_id: string }[]> {
  return tx.query(
    'SELECT DISTINCT version_id FROM finding WHERE org_id = $1 AND ($2::uuid[] IS NULL OR version_id = ANY($2))',
    [orgId, among],
  );
}

export async function hasOpenFinding(
  tx: Transaction,
  orgId: string,
  asked: { versionId: string; rule: string },
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM finding WHERE org_id = $1 AND version_id = $2 AND rule = $3 AND status IN ('open', 'acknowledged', 'waived')`,
    [orgId, asked.versionId, asked.rule],
  );
  return rows.length > 0;
}

export interface CoverageRow {
  rule: RuleId;
  covered: number;
  missing: number;
  failed: number;
  expired: number;
  waived: number;
}

/** Of the versions that need the reviews, as of the last evaluation. */
export async function selectCoverage(tx: Transaction, orgId: string): Promise<CoverageRow[]> {
  return tx.query<CoverageRow>(
    `SELECT rule, count(*) FILTER (WHERE status = 'satisfied')::int AS covered,
       count(*) FILTER (WHERE status = 'waived')::int AS waived,
       count(*) FILTER (WHERE status IN ('open', 'acknowledged') AND lack = 'missing')::int AS missing,
       count(*) FILTER (WHERE status IN ('open', 'acknowledged') AND lack = 'failed')::int AS failed,
       count(*) FILTER (WHERE status IN ('open', 'acknowledged') AND lack = 'expired')::int AS expired
     FROM finding WHERE org_id = $1 AND required AND known AND rule = ANY($2::text[]) GROUP BY rule`,
    [orgId, Object.values(REVIEWS).map((review) => review.rule)],
  );
}

export async function selectSeverities(tx: Transaction, orgId: string): Promise<SeverityCounts> {
  const rows = await tx.query<{ severity: Severity; n: number }>(
    `SELECT severity, count(*)::int AS n FROM finding
     WHERE org_id = $1 AND status IN ('open', 'acknowledged') GROUP BY severity`,
    [orgId],
  );
  const counts: SeverityCounts = { critical: 0, high: 0, medium: 0 };
  for (const { severity, n } of rows) counts[severity] = n;
  return counts;
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium'];

/** By which columns a list is sorted; each ends with the id, so that no two rows are equal. Types are those of the cursor's parts. */
const SORTS = {
  since: { columns: 'since, id', types: ['timestamptz', 'uuid'] },
  severity: {
    columns: `array_position(ARRAY['${SEVERITIES.join("', '")}'], severity), since, id`,
    types: ['integer', 'timestamptz', 'uuid'],
  },
} as const;

/** Oldest first, or by severity. */
export async function listFindings(
  tx: Transaction,
  orgId: string,
  query: FindingQuery,
): Promise<FindingPage> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const sort = query.sort ?? 'since';
  const { columns, types } = SORTS[sort];
  const { where, parameters } = filters(orgId, query);
  const question = ['findings', sort, ...parameters.slice(1).map(String), where];
  const after = query.cursor ? decodeCursor(question, query.cursor, types.length) : null;
  const places = types.map((type, at) => `$${parameters.length + 1 + at}::${type}`);
  const rows = await tx.query<ListedFinding>(
    `SELECT id, rule, severity, version_id, model_name, version, stage, status, since, reason, since::text AS since_key
     FROM finding WHERE ${where} ${after ? `AND (${columns}) > (${places.join(', ')})` : ''} ORDER BY ${columns} LIMIT ${limit + 1}`,
    [...parameters, ...(after ?? [])],
  );
  const last = rows[limit - 1];
  const place = last ? [last.since_key, last.id] : [];
  const rank = last && sort === 'severity' ? [SEVERITIES.indexOf(last.severity) + 1] : [];
  return {
    items: rows.slice(0, limit).map(toFinding),
    nextCursor: rows.length > limit ? encodeCursor(question, [...rank, ...place]) : null,
    total: after ? null : await countFindings(tx, where, parameters),
  };
}

function filters(orgId: string, query: FindingQuery): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [orgId];
  const conditions = ['org_id = $1'];
  const equals = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(`${column} = $${parameters.length}`);
  };
  if (query.requirement === 'none') {
    parameters.push(Object.values(REVIEWS).map((review) => review.rule));
    conditions.push(`rule <> ALL ($${parameters.length}::text[])`);
  } else if (query.requirement) equals('rule', ruleOf(query.requirement));
  equals('rule', query.rule);
  equals('severity', query.severity);
  equals('status', query.status);
  equals('version_id', query.versionId);
  if (query.search) {
    parameters.push(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`model_name ILIKE $${parameters.length}`);
  }
  return { where: conditions.join(' AND '), parameters };
}

function ruleOf(requirement: Requirement): RuleId {
  return REVIEWS[requirement].rule;
}

async function countFindings(
  tx: Transaction,
  where: string,
  parameters: readonly unknown[],
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM finding WHERE ${where}`,
    parameters,
  );
  return row?.n ?? 0;
}

export function toFinding(row: Omit<ListedFinding, 'since_key'>): Finding {
  return {
    id: row.id,
    rule: row.rule,
    severity: row.severity,
    versionId: row.version_id,
    modelName: row.model_name,
    version: row.version,
    stage: row.stage,
    status: row.status,
    since: row.since.toISOString(),
    reason: row.reason,
  };
}
