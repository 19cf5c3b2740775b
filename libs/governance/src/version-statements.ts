import type { Transaction } from '@vw/platform';
import type { EntryState, Gate, GateAnswer, GateVerdict, Severity, Stage } from '@vw/shared-contracts';
import { selectEntriesOf, type EntryRow } from './entry-statements';
import type { ReviewFinding } from './gap-statements';
import type { AttestationRow, WaiverRow } from './review-statements';
import { selectState } from './state-statements';

/** All that people and rules said of one version, now or at an instant. */
export interface VersionRecord {
  catalogueVersion: string | null;
  entry: EntryState | null;
  /** By rule. */
  findings: readonly VersionFinding[];
  /** Newest first, as the next two. */
  attestations: readonly AttestationRow[];
  waivers: readonly WaiverRow[];
  gate: GateAnswer | null;
}

export interface VersionFinding extends ReviewFinding {
  id: string;
  severity: Severity;
  model_name: string;
  version: string;
  stage: Stage;
}

type EntryStateRow = Pick<
  EntryRow,
  'id' | 'owner' | 'purpose' | 'risk_tier' | 'approval_status' | 'approved_at'
>;

interface GateRow {
  target: string;
  verdict: GateVerdict;
  reasons: Gate['reasons'];
  catalogue_version: string;
  asked_at: Date;
}

interface Asked {
  versionId: string;
  modelId: string;
  /** Epoch ms; what is told down to the microsecond belongs to the millisecond that shows it. Null = now. */
  at: number | null;
}

/** Whether what stands in this column had happened; `$3` is the instant. */
const had = (column: string): string => `($3::float8 IS NULL OR ${column} < to_timestamp(($3 + 1) / 1000))`;

/**
 * The present is read from what is kept up to date, the past from what is only ever added: the lines of `finding_move`,
 * `inventory_entry_change`, `gate_answer` and `catalogue_use`, and the instants of attestations and waivers.
 */
export async function selectRecord(tx: Transaction, orgId: string, asked: Asked): Promise<VersionRecord> {
  const isPast = asked.at !== null;
  return {
    catalogueVersion: isPast
      ? await selectCatalogueThen(tx, orgId, asked)
      : ((await selectState(tx, orgId))?.catalogueVersion ?? null),
    entry: toEntryState(
      isPast
        ? await selectEntryThen(tx, orgId, asked)
        : ((await selectEntriesOf(tx, orgId, [asked.modelId]))[0] ?? null),
    ),
    findings: isPast ? await selectFindingsThen(tx, orgId, asked) : await selectFindingsNow(tx, orgId, asked),
    attestations: await selectSignedBy(tx, orgId, asked),
    waivers: isPast ? await selectWaiversThen(tx, orgId, asked) : await selectWaiversNow(tx, orgId, asked),
    gate: toGateAnswer(await selectGateAnswer(tx, orgId, asked)),
  };
}

export async function insertGateAnswer(
  tx: Transaction,
  orgId: string,
  answer: { versionId: string; target: string; gate: Gate; catalogueVersion: string },
): Promise<void> {
  const { versionId, target, gate, catalogueVersion } = answer;
  await tx.execute(
    `INSERT INTO gate_answer (org_id, version_id, target, verdict, reasons, catalogue_version) VALUES ($1, $2, $3, $4, $5, $6)`,
    [orgId, versionId, target, gate.verdict, JSON.stringify(gate.reasons), catalogueVersion],
  );
}

async function selectCatalogueThen(tx: Transaction, orgId: string, { at }: Asked): Promise<string | null> {
  const [row] = await tx.query<{ version: string }>(
    `SELECT catalogue_version AS version FROM catalogue_use
     WHERE org_id = $1 AND used_since < to_timestamp(($2::float8 + 1) / 1000) ORDER BY id DESC LIMIT 1`,
    [orgId, at],
  );
  return row?.version ?? null;
}

/** As its last change until then left it; before the first change, as every entry begins. */
async function selectEntryThen(tx: Transaction, orgId: string, asked: Asked): Promise<EntryStateRow | null> {
  const [row] = await tx.query<EntryStateRow>(
    `SELECT e.id, c.owner, c.purpose, c.risk_tier, coalesce(c.approval_status, 'pending') AS approval_status, c.approved_at
     FROM inventory_entry e LEFT JOIN LATERAL (
       SELECT * FROM inventory_entry_change c WHERE c.org_id = e.org_id AND c.entry_id = e.id AND ${had('c.changed_at')}
       ORDER BY c.id DESC LIMIT 1
     ) c ON true
     WHERE e.org_id = $1 AND e.model_id = $2 AND ${had('e.created_at')}`,
    [orgId, asked.modelId, asked.at],
  );
  return row ?? null;
}

async function selectFindingsNow(
  tx: Transaction,
  orgId: string,
  { versionId }: Asked,
): Promise<VersionFinding[]> {
  return tx.query<VersionFinding>(
    'SELECT * FROM finding WHERE org_id = $1 AND version_id = $2 ORDER BY rule',
    [orgId, versionId],
  );
}

async function selectFindingsThen(tx: Transaction, orgId: string, asked: Asked): Promise<VersionFinding[]> {
  return tx.query<VersionFinding>(
    `SELECT f.id, f.version_id, f.rule, f.model_name, f.version, m.severity, m.stage, m.known, m.lack, m.new AS status, m.since, m.reason
     FROM finding f CROSS JOIN LATERAL (
       SELECT * FROM finding_move m WHERE m.org_id = f.org_id AND m.finding_id = f.id AND ${had('m.moved_at')}
       ORDER BY m.id DESC LIMIT 1
     ) m
     WHERE f.org_id = $1 AND f.version_id = $2 ORDER BY f.rule`,
    [orgId, asked.versionId, asked.at],
  );
}

async function selectSignedBy(tx: Transaction, orgId: string, asked: Asked): Promise<AttestationRow[]> {
  return tx.query<AttestationRow>(
    `SELECT * FROM attestation WHERE org_id = $1 AND version_id = $2 AND ${had('attested_at')} ORDER BY id DESC`,
    [orgId, asked.versionId, asked.at],
  );
}

async function selectWaiversNow(tx: Transaction, orgId: string, { versionId }: Asked): Promise<WaiverRow[]> {
  return tx.query<WaiverRow>(
    `SELECT w.*, f.model_name, f.version AS model_version
     FROM waiver w JOIN finding f ON (f.org_id, f.version_id, f.rule) = (w.org_id, w.version_id, w.rule)
     WHERE w.org_id = $1 AND w.version_id = $2 ORDER BY w.id DESC`,
    [orgId, versionId],
  );
}

/** What happened to them later had not happened yet. */
async function selectWaiversThen(tx: Transaction, orgId: string, asked: Asked): Promise<WaiverRow[]> {
  const [approved, closed] = [had('w.approved_at'), had('w.closed_at')];
  return tx.query<WaiverRow>(
    `SELECT w.id, w.version_id, w.rule, w.reason, w.ends_at, w.requester_id, w.requester_name, w.requested_at,
       CASE WHEN ${closed} THEN w.status WHEN ${approved} THEN 'approved' ELSE 'requested' END AS status,
       CASE WHEN ${approved} THEN w.approver_name END AS approver_name, CASE WHEN ${approved} THEN w.approved_at END AS approved_at,
       CASE WHEN ${closed} THEN w.closer_name END AS closer_name, CASE WHEN ${closed} THEN w.closed_at END AS closed_at,
       CASE WHEN ${closed} THEN w.closed_reason END AS closed_reason, f.model_name, f.version AS model_version
     FROM waiver w JOIN finding f ON (f.org_id, f.version_id, f.rule) = (w.org_id, w.version_id, w.rule)
     WHERE w.org_id = $1 AND w.version_id = $2 AND ${had('w.requested_at')} ORDER BY w.id DESC`,
    [orgId, asked.versionId, asked.at],
  );
}

async function selectGateAnswer(tx: Transaction, orgId: string, asked: Asked): Promise<GateRow | null> {
  const [row] = await tx.query<GateRow>(
    `SELECT target, verdict, reasons, catalogue_version, asked_at FROM gate_answer
     WHERE org_id = $1 AND version_id = $2 AND ${had('asked_at')} ORDER BY id DESC LIMIT 1`,
    [orgId, asked.versionId, asked.at],
  );
  return row ?? null;
}

function toEntryState(row: EntryStateRow | null): EntryState | null {
  return (
    row && {
      id: row.id,
      owner: row.owner,
      purpose: row.purpose,
      riskTier: row.risk_tier,
      approvalStatus: row.approval_status,
      approvedAt: row.approved_at?.toISOString() ?? null,
    }
  );
}

function toGateAnswer(row: GateRow | null): GateAnswer | null {
  return (
    row && {
      target: row.target,
      verdict: row.verdict,
      reasons: row.reasons,
      catalogueVersion: row.catalogue_version,
      askedAt: row.asked_at.toISOString(),
    }
  );
}
