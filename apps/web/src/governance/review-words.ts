import type {
  ApprovalStatus,
  FindingStatus,
  GateVerdict,
  Requirement,
  ReviewState,
  RiskTier,
  Severity,
  Waiver,
} from '@vw/shared-contracts';
import type { IconName } from '../ui/icon-paths';

export interface RequirementWords {
  requirement: Requirement;
  name: string;
  icon: IconName;
  /** The rule that asks for it. */
  rule: string;
}

/** In the order of the catalogue. */
export const REQUIREMENTS: readonly RequirementWords[] = [
  { requirement: 'bias-assessment', name: 'Bias assessment', icon: 'balance', rule: 'G01' },
  { requirement: 'security-review', name: 'Security review', icon: 'security', rule: 'G02' },
  { requirement: 'privacy-evaluation', name: 'Privacy evaluation', icon: 'privacy', rule: 'G03' },
];

export function nameOf(requirement: Requirement): string {
  return REQUIREMENTS.find((one) => one.requirement === requirement)?.name ?? requirement;
}

/** Rules that ask for a review: they are told of with it. */
export const REVIEW_RULES: readonly string[] = REQUIREMENTS.map(({ rule }) => rule);

export interface StateWords {
  text: string;
  tone: '' | 'ok' | 'warning' | 'error';
  icon: IconName;
}

export const STATES: Record<ReviewState, StateWords> = {
  attested: { text: 'Attested', tone: 'ok', icon: 'check-circle' },
  missing: { text: 'Missing', tone: 'warning', icon: 'warning' },
  failed: { text: 'Failed', tone: 'error', icon: 'error' },
  expired: { text: 'Expired', tone: 'error', icon: 'event-busy' },
  waived: { text: 'Waived', tone: '', icon: 'hourglass' },
  unknown: { text: 'Unknown', tone: '', icon: 'error-outline' },
  'not-required': { text: 'Not required', tone: '', icon: 'circle' },
};

/** Lacks, as the counts have it. */
export function isGap(state: ReviewState): boolean {
  return state === 'missing' || state === 'failed' || state === 'expired';
}

export const SEVERITIES: readonly { severity: Severity; text: string; tone: string; icon: IconName }[] = [
  { severity: 'critical', text: 'Critical', tone: 'error', icon: 'error' },
  { severity: 'high', text: 'High', tone: 'warning', icon: 'warning' },
  { severity: 'medium', text: 'Medium', tone: '', icon: 'error-outline' },
];

/** Rules that the inventory entry of the model cures, with the field of its form that does. */
export const ENTRY_FIELDS: ReadonlyMap<string, string> = new Map([
  ['G09', 'entry-owner'],
  ['G13', 'entry-tier'],
]);

export const FINDING_STATUSES: readonly { status: FindingStatus; text: string }[] = [
  { status: 'open', text: 'Open' },
  { status: 'acknowledged', text: 'Waiver asked for' },
  { status: 'waived', text: 'Waived' },
  { status: 'closed', text: 'Closed' },
];

/** As a waiver stood at an instant, epoch ms. */
export function waiverState({ status, endsAt }: Waiver, at: number): StateWords {
  if (status === 'refused') return { text: 'Refused', tone: '', icon: 'close' };
  if (status === 'withdrawn') return { text: 'Withdrawn', tone: '', icon: 'close' };
  if (Date.parse(endsAt) <= at)
    return { text: status === 'requested' ? 'Never approved' : 'Ended', tone: '', icon: 'clock' };
  return status === 'requested'
    ? { text: 'Waiting', tone: 'warning', icon: 'hourglass' }
    : { text: 'Approved', tone: 'ok', icon: 'check-circle' };
}

export const RISK_TIERS: readonly { tier: RiskTier; text: string }[] = [
  { tier: 'minimal', text: 'Minimal' },
  { tier: 'limited', text: 'Limited' },
  { tier: 'high', text: 'High' },
  { tier: 'unacceptable', text: 'Unacceptable' },
];

export const GATE_VERDICTS: Record<GateVerdict, { text: string; tone: string; icon: IconName }> = {
  allow: { text: 'Allowed', tone: 'ok', icon: 'check-circle' },
  deny: { text: 'Denied', tone: 'error', icon: 'error' },
  unknown: { text: 'Unknown', tone: '', icon: 'error-outline' },
};

export const APPROVALS: readonly { status: ApprovalStatus; text: string; tone: string; icon: IconName }[] = [
  { status: 'pending', text: 'Pending', tone: '', icon: 'hourglass' },
  { status: 'approved', text: 'Approved', tone: 'ok', icon: 'check-circle' },
  { status: 'restricted', text: 'Restricted', tone: 'warning', icon: 'warning' },
  { status: 'blocked', text: 'Blocked', tone: 'error', icon: 'error' },
];
