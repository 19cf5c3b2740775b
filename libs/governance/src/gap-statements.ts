import type { Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  STAGES,
  type FindingStatus,
  type GapQuery,
  type StageCounts,
} from '@vw/shared-contracts';
import { REVIEWS, type RuleId } from './catalogue';
import type { Lack } from './judgement';

/** What was found of one review of one version. */
export interface ReviewFinding {
  version_id: string;
  rule: RuleId;
  status: FindingStatus;
  known: boolean;
  lack: Lack | null;
  since: Date;
  reason: string;
}

export interface GapRow {
  version_id: string;
  /** As Postgres writes it: a Date has no microseconds, and would lose its place. */
  since_key: string;
}

export interface GapFilters {
  where: string;
  parameters: unknown[];
}

/** Gaps in reviews as the coverage counts them, of whichever stage. */
export function gapFilters(orgId: string, query: GapQuery): GapFilters {
  const rules = query.requirement ? [REVIEWS[query.requirement].rule] : reviewRules();
  const parameters: unknown[] = [orgId, rules];
  const conditions = [
    `org_id = $1 AND rule = ANY ($2::text[]) AND required AND known AND status IN ('open', 'acknowledged')`,
  ];
  if (query.search) {
    parameters.push(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`model_name ILIKE $${parameters.length}`);
  }
  return { where: conditions.join(' AND '), parameters };
}

/** Versions with gaps, the oldest gap first; one more than the page shows. */
export async function selectGaps(
  tx: Transaction,
  { where, parameters }: GapFilters,
  page: { query: GapQuery; after: readonly (string | number)[] | null },
): Promise<GapRow[]> {
  const all = [...parameters, page.query.stage ?? null, page.after?.[0] ?? null, page.after?.[1] ?? null];
  const [stage, since, id] = [2, 1, 0].map((back) => `$${all.length - back}`);
  return tx.query<GapRow>(
    `SELECT version_id, min(since)::text AS since_key FROM finding
     WHERE ${where} AND (${stage}::text IS NULL OR stage = ${stage}) GROUP BY version_id
     HAVING ${since}::timestamptz IS NULL OR (min(since), version_id) > (${since}::timestamptz, ${id}::uuid)
     ORDER BY min(since), version_id LIMIT ${(page.query.limit ?? DEFAULT_LIMIT) + 1}`,
    all,
  );
}

/** Versions with gaps, and gaps, of each stage. */
export async function countGaps(
  tx: Transaction,
  { where, parameters }: GapFilters,
): Promise<{ versions: StageCounts; gaps: StageCounts }> {
  const rows = await tx.query<{ stage: keyof StageCounts; versions: number; gaps: number }>(
    `SELECT stage, count(DISTINCT version_id)::int AS versions, count(*)::int AS gaps FROM finding WHERE ${where} GROUP BY stage`,
    parameters,
  );
  const versions: StageCounts = { None: 0, Staging: 0, Production: 0, Archived: 0 };
  const gaps: StageCounts = { ...versions };
  for (const row of rows) {
    versions[row.stage] = row.versions;
    gaps[row.stage] = row.gaps;
  }
  return { versions, gaps };
}

export function sumOf(counts: StageCounts): number {
  return STAGES.reduce((sum, stage) => sum + counts[stage], 0);
}

export async function selectReviewFindings(
  tx: Transaction,
  orgId: string,
  versionIds: readonly string[],
): Promise<ReviewFinding[]> {
  return tx.query<ReviewFinding>(
    `SELECT version_id, rule, status, known, lack, since, reason FROM finding
     WHERE org_id = $1 AND version_id = ANY ($2::uuid[]) AND rule = ANY ($3::text[])`,
    [orgId, versionIds, reviewRules()],
  );
}

function reviewRules(): RuleId[] {
  return Object.values(REVIEWS).map((review) => review.rule);
}
