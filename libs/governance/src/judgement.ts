import type { VersionFacts } from '@vw/model-inventory';
import type { ApprovalStatus, AttestationResult, Requirement } from '@vw/shared-contracts';
import { ATTESTATION_DAYS, REQUIREMENTS, REVIEWS, RULES, type RuleId } from './catalogue';

/** Below and above, a ratio of selection rates calls for a closer look: the four-fifths rule and its reciprocal. */
const LEAST_IMPACT = 0.8;
const MOST_IMPACT = 1.25;
const DAY_MS = 86_400_000;

export interface SignedAttestation {
  requirement: Requirement;
  result: AttestationResult;
  /** What proves which evidence was reviewed; null where nobody gave it. */
  evidenceSha256: string | null;
  attestedAt: Date;
  expiresAt: Date;
  signer: string;
  signerEmail: string | null;
  /** The signer owned the model when signing. */
  byOwner: boolean;
}

export interface EntryFacts {
  owner: string | null;
  riskTier: string | null;
  approvalStatus: ApprovalStatus;
  approvedAt: Date | null;
}

/** A version, as the rules look at it. */
export interface Subject {
  facts: VersionFacts;
  entry: EntryFacts;
  /** Newest first. */
  attestations: readonly SignedAttestation[];
  /** The gate asks what would be if the version were live. */
  asIfLive: boolean;
  /** The database's clock. */
  now: Date;
}

export type Lack = 'missing' | 'failed' | 'expired';

/** What a rule says of a version, in words too. `until` is when it must be asked again. */
export interface Judgement {
  rule: RuleId;
  verdict: 'gap' | 'met' | 'unknown' | 'not-required';
  reason: string;
  lack: Lack | null;
  until: Date | null;
}

type Opinion = Omit<Judgement, 'rule'>;

/** Every rule on one version, in the order of the catalogue. Pure. */
export function judge(subject: Subject): Judgement[] {
  return RULES.map(({ id }) => ({ rule: id, ...opinion(id, subject) }));
}

function opinion(id: RuleId, subject: Subject): Opinion {
  if (id === 'G10') return removedWhileLive(subject);
  if (subject.facts.removedAt !== null)
    return notRequired('Not required: the version was removed from MLflow.');
  if (subject.facts.live || subject.asIfLive) return JUDGES[id](subject);
  const requirement = REQUIREMENTS.find((one) => REVIEWS[one].rule === id);
  const reviewed = requirement && review(requirement)(subject);
  // A review made before the version goes live is shown, whether or not it is asked for yet.
  return reviewed?.verdict === 'met' ? reviewed : notRequired('Not required: the version is not live.');
}

const JUDGES: Record<Exclude<RuleId, 'G10'>, (subject: Subject) => Opinion> = {
  G01: review('bias-assessment'),
  G02: review('security-review'),
  G03: review('privacy-evaluation'),
  G04: movedUnreviewed,
  G05: disparateImpact,
  G06: changedAfterApproval,
  G07: expiredEvaluation,
  G08: withoutMetrics,
  G09: ({ entry }) =>
    entry.owner ? met('The entry names an owner.') : gap('Nobody is named as the owner of the model.'),
  G11: withoutDataset,
  G12: ({ facts }) =>
    facts.description.trim() || facts.modelDescription.trim()
      ? met('It is described.')
      : gap('Neither the version nor the model is described.'),
  G13: ({ entry }) =>
    entry.riskTier ? met(`The risk tier is ${entry.riskTier}.`) : gap('The model has no risk tier.'),
  G14: runNotTraceable,
};

function review(requirement: Requirement): (subject: Subject) => Opinion {
  const { noun } = REVIEWS[requirement];
  return (subject) => {
    const signed = counting(subject, requirement);
    if (!signed) return unreviewed(subject, requirement);
    const end = validUntil(signed);
    const name = capitalized(noun);
    const evidence = signed.evidenceSha256 ? ` SHA-256 of the evidence: ${signed.evidenceSha256}.` : '';
    if (signed.result === 'failed')
      return lacking(
        'failed',
        `${name} failed: attested by ${signed.signer} on ${day(signed.attestedAt)}.${evidence}`,
        end > subject.now ? end : null,
      );
    if (end <= subject.now)
      return lacking('expired', `${name} by ${signed.signer} expired on ${day(end)}.`, null);
    return met(
      `${name} attested by ${signed.signer} on ${day(signed.attestedAt)}, valid until ${day(end)}.${evidence}`,
      end,
    );
  };
}

function unreviewed(subject: Subject, requirement: Requirement): Opinion {
  const { noun } = REVIEWS[requirement];
  if (requirement === 'bias-assessment' && isUnreadable(subject.facts))
    return unknown(`No ${noun} is attested, and the run that it would rest on cannot be read.`);
  const claim = claimOf(subject.facts, requirement);
  const claimed = claim
    ? ` The tag ${claim.name} claims "${claim.value}"; a claim does not count until a reviewer attests it.`
    : '';
  const byOwner = subject.attestations.some((one) => one.requirement === requirement)
    ? ' The one that was signed is by the owner of the model, which does not count.'
    : '';
  return lacking('missing', `No ${noun} is attested.${byOwner}${claimed}`, null);
}

function movedUnreviewed(subject: Subject): Opinion {
  const { facts, entry } = subject;
  if (!facts.live) return met('The version is not live yet: nothing has moved.');
  const moved = facts.movedAt;
  if (!moved) return met('No move of stage or alias was seen.');
  const counted = REQUIREMENTS.map((one) => counting(subject, one));
  const reviews = [
    ...counted.map((one) => one?.attestedAt),
    entry.approvalStatus === 'approved' ? entry.approvedAt : null,
  ];
  return reviews.some((at) => at && at >= moved)
    ? met('Reviewed since it went live.')
    : gap(`The version went live on ${day(moved)} and nobody has reviewed it since.`);
}

function disparateImpact({ facts }: Subject): Opinion {
  if (isUnreadable(facts)) return unknown('The metrics of the run cannot be read.');
  const measured = Object.entries(facts.evidence?.metrics ?? {}).filter(([name]) =>
    /(^|[./])disparate_impact$/i.test(name),
  );
  const outside = measured.find(
    ([, value]) => value !== 'NaN' && !(Number(value) >= LEAST_IMPACT && Number(value) <= MOST_IMPACT),
  );
  if (outside)
    return gap(`The metric ${outside[0]} is ${outside[1]}, outside ${LEAST_IMPACT}–${MOST_IMPACT}.`);
  const vague = measured.find(([, value]) => value === 'NaN');
  return vague
    ? unknown(`The metric ${vague[0]} is not a number.`)
    : met('No disparate impact outside the range was measured.');
}

function changedAfterApproval({ facts, entry }: Subject): Opinion {
  if (entry.approvalStatus !== 'approved' || !entry.approvedAt) return met('The entry is not approved.');
  return facts.changedAt && facts.changedAt > entry.approvedAt
    ? gap(
        `Tags, metrics or source changed on ${day(facts.changedAt)}, after the approval of ${day(entry.approvedAt)}.`,
      )
    : met('Nothing changed since the approval.');
}

function expiredEvaluation(subject: Subject): Opinion {
  const expired = REQUIREMENTS.flatMap((requirement) => {
    const signed = counting(subject, requirement);
    return signed && validUntil(signed) <= subject.now
      ? [`${REVIEWS[requirement].noun} on ${day(validUntil(signed))}`]
      : [];
  });
  return expired.length > 0 ? gap(`Expired: ${expired.join(', ')}.`) : met('No attestation has expired.');
}

function withoutMetrics({ facts }: Subject): Opinion {
  if (isUnreadable(facts)) return unknown('The metrics of the run cannot be read.');
  return Object.keys(facts.evidence?.metrics ?? {}).length > 0
    ? met('It has metrics.')
    : gap('The version has no metrics.');
}

function withoutDataset({ facts }: Subject): Opinion {
  const named = (texts: Record<string, string>): boolean =>
    Object.entries(texts).some(([name, value]) => /^dataset/i.test(name) && value.trim() !== '');
  if (facts.evidence && facts.evidence.datasets.length > 0) return met('A dataset is logged.');
  if (named(facts.tags) || named(facts.modelTags) || named(facts.evidence?.parameters ?? {}))
    return met('A dataset is named.');
  return isUnreadable(facts)
    ? unknown('No tag names a dataset, and the inputs of the run cannot be read.')
    : gap('No dataset is logged, and no tag and no parameter names one.');
}

function removedWhileLive({ facts }: Subject): Opinion {
  return facts.live && facts.removedAt !== null
    ? gap('The version was removed from MLflow while it was live.')
    : met('The version is in MLflow, or was not live.');
}

function runNotTraceable({ facts }: Subject): Opinion {
  const { evidence } = facts;
  if (!evidence) return gap('The version has no run.');
  if (evidence.state === 'missing') return gap('The run is missing in MLflow.');
  if (evidence.state === 'unreadable') return unknown('The run cannot be read.');
  if (/FAILED|KILLED/.test(evidence.status ?? '')) return gap(`The run ended as ${evidence.status}.`);
  return evidence.commit === null
    ? gap('No Git commit of the code behind it is known.')
    : met('The run is there, did not fail and names its commit.');
}

/** The attestation that speaks for the review now: the newest that failed or is independent of the owner. */
function counting({ attestations, entry }: Subject, requirement: Requirement): SignedAttestation | null {
  return countingAmong(attestations, requirement, entry.owner);
}

/** Of attestations, newest first, the one that speaks for the review where `owner` owns the model. */
export function countingAmong<Signed extends SignedAttestation>(
  attestations: readonly Signed[],
  requirement: Requirement,
  owner: string | null,
): Signed | null {
  const isIndependent = (one: SignedAttestation): boolean =>
    !one.byOwner && !(owner && signsAs(one.signer, one.signerEmail, owner));
  return (
    attestations.find(
      (one) => one.requirement === requirement && (one.result === 'failed' || isIndependent(one)),
    ) ?? null
  );
}

/** Whether the owner, as the entry writes it, is this person or names them among others: `Rin Sato, José <jose@bank.example>`. */
export function signsAs(name: string, email: string | null, owner: string): boolean {
  const written = owner.trim().toLowerCase();
  const names = [written, ...written.split(/[,;<>()"&/]|\sand\s/).map((one) => one.trim())];
  const words = written.split(/[\s,;<>()":]+/);
  return (
    names.includes(name.trim().toLowerCase()) ||
    (email !== null && words.includes(email.trim().toLowerCase()))
  );
}

/** When the attestation satisfies no more. */
function validUntil(signed: SignedAttestation): Date {
  return new Date(Math.min(+signed.expiresAt, +signed.attestedAt + ATTESTATION_DAYS * DAY_MS));
}

function isUnreadable({ evidence }: VersionFacts): boolean {
  return evidence?.state === 'missing' || evidence?.state === 'unreadable';
}

/** `bias_assessment`, `bias.assessment` and `Bias-Assessment` are one tag. */
function claimOf(facts: VersionFacts, requirement: Requirement): { name: string; value: string } | null {
  const found = [...Object.entries(facts.tags), ...Object.entries(facts.modelTags)].find(
    ([name]) => name.toLowerCase().replace(/[_. ]/g, '-') === requirement,
  );
  return found ? { name: found[0], value: found[1] } : null;
}

function gap(reason: string): Opinion {
  return { verdict: 'gap', reason, lack: null, until: null };
}

function lacking(lack: Lack, reason: string, until: Date | null): Opinion {
  return { verdict: 'gap', reason, lack, until };
}

function met(reason: string, until: Date | null = null): Opinion {
  return { verdict: 'met', reason, lack: null, until };
}

function unknown(reason: string): Opinion {
  return { verdict: 'unknown', reason, lack: null, until: null };
}

function notRequired(reason: string): Opinion {
  return { verdict: 'not-required', reason, lack: null, until: null };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A reason is one text for readers of every time zone: it says whose day it tells. */
export function day(at: Date): string {
  return `${at.toISOString().slice(0, 10)} UTC`;
}
