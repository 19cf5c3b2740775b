import type {
  Attestation,
  Finding,
  GapPage,
  GovernanceSummary,
  Review,
  ReviewedVersion,
  VersionGovernance,
} from '@vw/shared-contracts';

export const ATTESTATION: Attestation = {
  id: 'a1',
  versionId: 'v1',
  requirement: 'bias-assessment',
  result: 'passed',
  evidenceUrl: 'https://evidence.example/1',
  evidenceSha256: null,
  expiresAt: '2027-11-18T08:00:00Z',
  note: null,
  attestedBy: 'José Muñoz',
  attestedAt: '2026-11-18T08:00:00Z',
  independent: true,
};

export const MISSING: Review = {
  requirement: 'privacy-evaluation',
  state: 'missing',
  since: '2026-11-18T08:00:00Z',
  reason: 'No privacy evaluation is attested.',
  attestation: null,
};

/** A live version: bias attested, security failed, privacy missing. */
export const REVIEWED: ReviewedVersion = {
  versionId: 'v1',
  modelName: 'credit-risk-pd',
  version: '7',
  stage: 'Production',
  aliases: ['champion'],
  live: true,
  gaps: 2,
  since: '2026-11-18T08:00:00Z',
  reviews: [
    { ...MISSING, requirement: 'bias-assessment', state: 'attested', since: null, attestation: ATTESTATION },
    {
      ...MISSING,
      requirement: 'security-review',
      state: 'failed',
      attestation: {
        ...ATTESTATION,
        requirement: 'security-review',
        result: 'failed',
        attestedBy: '山田 凛',
      },
    },
    MISSING,
  ],
};

const OF = { versionId: 'v1', modelName: 'credit-risk-pd', version: '7' } as const;

export const FINDING: Finding = {
  ...{ ...OF, id: 'f1', rule: 'G09', severity: 'high', stage: 'Production', status: 'open' },
  ...{ since: '2026-11-18T08:00:00Z', reason: 'Nobody is named as the owner of the model.' },
};

/** That version with all that was said of it: a finding for which a waiver was approved, its entry, an answer of the gate. */
export const RECORD: VersionGovernance = {
  ...{ ...REVIEWED, asOf: null, catalogueVersion: '2', attestations: [ATTESTATION] },
  entry: {
    ...{ id: 'e1', owner: 'risk@norrfjard.example', purpose: null, riskTier: 'high' },
    ...{ approvalStatus: 'approved', approvedAt: '2026-11-18T08:00:00Z' },
  },
  findings: [{ ...FINDING, status: 'waived' }],
  waivers: [
    {
      ...{ ...OF, id: 'w1', rule: 'G09', reason: 'Vendor model.', status: 'approved' },
      ...{ endsAt: '2026-11-21T12:00:00Z', requestedBy: 'José Muñoz', requesterId: 'jose' },
      ...{ requestedAt: '2026-11-18T08:00:00Z', approvedBy: '山田 凛', approvedAt: '2026-11-18T09:00:00Z' },
      ...{ closedBy: null, closedAt: null, closedReason: null },
    },
  ],
  gate: {
    ...{ verdict: 'deny', target: 'champion', catalogueVersion: '2', askedAt: '2026-11-19T08:00:00Z' },
    reasons: [{ rule: 'G02', severity: 'critical', reason: 'No security review is attested.' }],
  },
};

export const GAPS: GapPage = {
  items: [REVIEWED],
  nextCursor: null,
  total: 1,
  gaps: 2,
  stages: { None: 0, Staging: 0, Production: 1, Archived: 0 },
};

export const NO_GAPS: GapPage = {
  items: [],
  nextCursor: null,
  total: 0,
  gaps: 0,
  stages: { None: 0, Staging: 0, Production: 0, Archived: 0 },
};

const COVERED = { covered: 38, missing: 0, failed: 0, expired: 0, waived: 0, unknown: 0 };

/** Of 38 live versions: all have a bias assessment. */
export const SUMMARY: GovernanceSummary = {
  catalogueVersion: '1',
  evaluatedAt: '2026-11-24T13:00:00Z',
  live: 38,
  requirements: [
    { requirement: 'bias-assessment', ...COVERED },
    { requirement: 'security-review', ...COVERED, covered: 34, missing: 2, expired: 1, failed: 1 },
    { requirement: 'privacy-evaluation', ...COVERED, covered: 37, unknown: 1 },
  ],
  severities: { critical: 4, high: 0, medium: 0 },
  waiversWaiting: 0,
};
