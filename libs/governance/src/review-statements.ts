import type { Transaction } from '@vw/platform';
import type { Attestation, AttestationResult, Requirement, Waiver, WaiverStatus } from '@vw/shared-contracts';
import type { SignedAttestation } from './judgement';

export interface AttestationRow {
  id: string;
  version_id: string;
  requirement: Requirement;
  result: AttestationResult;
  evidence_url: string | null;
  evidence_sha256: string | null;
  expires_at: Date;
  note: string | null;
  signer_name: string;
  signer_email: string | null;
  by_owner: boolean;
  attested_at: Date;
}

export interface WaiverRow {
  id: string;
  model_name: string;
  model_version: string;
  version_id: string;
  rule: string;
  reason: string;
  ends_at: Date;
  requester_id: string | null;
  requester_name: string;
  requested_at: Date;
  approver_name: string | null;
  approved_at: Date | null;
  status: WaiverStatus;
  closer_name: string | null;
  closed_reason: string | null;
  closed_at: Date | null;
}

/** What somebody does with a waiver. */
export interface WaiverMove {
  from: WaiverStatus;
  to: Exclude<WaiverStatus, 'requested'>;
  by: { id: string | null; name: string };
  reason: string | null;
}

/** A waiver with the names of the version that it is for: of the finding that it is about. */
const WAIVER = `waiver.*,
  (SELECT f.model_name FROM finding f WHERE (f.org_id, f.version_id, f.rule) = (waiver.org_id, waiver.version_id, waiver.rule)) AS model_name,
  (SELECT f.version FROM finding f WHERE (f.org_id, f.version_id, f.rule) = (waiver.org_id, waiver.version_id, waiver.rule)) AS model_version`;

export async function insertAttestation(
  tx: Transaction,
  orgId: string,
  attestation: Omit<AttestationRow, 'id' | 'attested_at'> & { signer_id: string | null },
): Promise<AttestationRow> {
  const [row] = await tx.query<AttestationRow>(
    `INSERT INTO attestation (org_id, version_id, requirement, result, evidence_url, evidence_sha256, expires_at, note, signer_id,
       signer_name, signer_email, by_owner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING *`,
    [
      ...[orgId, attestation.version_id, attestation.requirement, attestation.result],
      ...[attestation.evidence_url, attestation.evidence_sha256, attestation.expires_at, attestation.note],
      ...[attestation.signer_id, attestation.signer_name, attestation.signer_email, attestation.by_owner],
    ],
  );
  if (!row) throw new Error('The attestation was not stored.');
  return row;
}

/** Newest first: ids are UUIDs of version 7. */
export async function selectAttestations(
  tx: Transaction,
  orgId: string,
  versionIds: readonly string[],
): Promise<AttestationRow[]> {
  return tx.query<AttestationRow>(
    'SELECT * FROM attestation WHERE org_id = $1 AND version_id = ANY($2::uuid[]) ORDER BY id DESC',
    [orgId, versionIds],
  );
}

export async function insertWaiver(
  tx: Transaction,
  orgId: string,
  waiver: Pick<WaiverRow, 'version_id' | 'rule' | 'reason' | 'ends_at' | 'requester_id' | 'requester_name'>,
): Promise<WaiverRow> {
  const [row] = await tx.query<WaiverRow>(
    `INSERT INTO waiver (org_id, version_id, rule, reason, ends_at, requester_id, requester_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${WAIVER}`,
    [
      ...[orgId, waiver.version_id, waiver.rule, waiver.reason, waiver.ends_at],
      ...[waiver.requester_id, waiver.requester_name],
    ],
  );
  if (!row) throw new Error('The waiver was not stored.');
  return row;
}

export async function selectWaiver(tx: Transaction, orgId: string, id: string): Promise<WaiverRow | null> {
  const [row] = await tx.query<WaiverRow>(`SELECT ${WAIVER} FROM waiver WHERE org_id = $1 AND id = $2`, [
    orgId,
    id,
  ]);
  return row ?? null;
}

/** Who approved it stays, whoever withdraws it later. */
export async function moveWaiver(
  tx: Transaction,
  orgId: string,
  { id, from, to, by, reason }: WaiverMove & { id: string },
): Promise<WaiverRow> {
  const set =
    to === 'approved'
      ? 'approver_id = $5, approver_name = $6, approved_at = clock_timestamp()'
      : 'closer_id = $5, closer_name = $6, closed_reason = $7, closed_at = clock_timestamp()';
  const parameters = [orgId, id, from, to, by.id, by.name];
  const [row] = await tx.query<WaiverRow>(
    `UPDATE waiver SET status = $4, ${set} WHERE org_id = $1 AND id = $2 AND status = $3 RETURNING ${WAIVER}`,
    to === 'approved' ? parameters : [...parameters, reason],
  );
  if (!row) throw new Error('The waiver was moved meanwhile.');
  return row;
}

/** Those that count or wait, approved ones first, then the newest. */
export async function selectWaivers(
  tx: Transaction,
  orgId: string,
  versionIds: readonly string[],
): Promise<WaiverRow[]> {
  return tx.query<WaiverRow>(
    `SELECT ${WAIVER} FROM waiver WHERE org_id = $1 AND version_id = ANY($2::uuid[]) AND ends_at > clock_timestamp()
       AND status IN ('requested', 'approved')
     ORDER BY approved_at IS NULL, id DESC`,
    [orgId, versionIds],
  );
}

/** All of them, newest first. */
export async function listWaivers(
  tx: Transaction,
  orgId: string,
  page: { after: string | null; most: number },
): Promise<WaiverRow[]> {
  return tx.query<WaiverRow>(
    `SELECT ${WAIVER} FROM waiver WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [orgId, page.after, page.most],
  );
}

export async function countWaivers(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM waiver WHERE org_id = $1', [
    orgId,
  ]);
  return row?.n ?? 0;
}

export async function countWaiting(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM waiver WHERE org_id = $1 AND status = 'requested' AND ends_at > now()`,
    [orgId],
  );
  return row?.n ?? 0;
}

/** As the rules look at it. */
export function toSigned(row: AttestationRow): SignedAttestation {
  return {
    requirement: row.requirement,
    result: row.result,
    evidenceSha256: row.evidence_sha256,
    attestedAt: row.attested_at,
    expiresAt: row.expires_at,
    signer: row.signer_name,
    signerEmail: row.signer_email,
    byOwner: row.by_owner,
  };
}

export function toAttestation(row: AttestationRow): Attestation {
  return {
    id: row.id,
    versionId: row.version_id,
    requirement: row.requirement,
    result: row.result,
    evidenceUrl: row.evidence_url,
    evidenceSha256: row.evidence_sha256,
    expiresAt: row.expires_at.toISOString(),
    note: row.note,
    attestedBy: row.signer_name,
    attestedAt: row.attested_at.toISOString(),
    independent: !row.by_owner,
  };
}

export function toWaiver(row: WaiverRow): Waiver {
  return {
    id: row.id,
    versionId: row.version_id,
    modelName: row.model_name,
    version: row.model_version,
    rule: row.rule,
    reason: row.reason,
    status: row.status,
    endsAt: row.ends_at.toISOString(),
    requestedBy: row.requester_name,
    requesterId: row.requester_id,
    requestedAt: row.requested_at.toISOString(),
    approvedBy: row.approver_name,
    approvedAt: row.approved_at?.toISOString() ?? null,
    closedBy: row.closer_name,
    closedAt: row.closed_at?.toISOString() ?? null,
    closedReason: row.closed_reason,
  };
}
