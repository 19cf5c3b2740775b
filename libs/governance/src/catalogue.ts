import type { Requirement, Rule } from '@vw/shared-contracts';

/** Days after which an attestation satisfies no more, whatever its own end says. */
export const ATTESTATION_DAYS = 365;
/** Days that a waiver may last at most. */
export const WAIVER_DAYS = 180;

/**
 * The rules, as data. What each means exactly (judged in `judgement.ts`); "live" leaves out what was removed from MLflow:
 *
 * - G01–G03: no attestation of the review counts. The newest counts among those that failed or are independent: not signed by the
 *   model's owner. Lacking is `missing` (none), `failed`, or `expired` (past its end, or 365 days old). A tag is only a claim. G01 without
 *   an attestation is unknown while the run cannot be read: what it measured may be what is asked for.
 * - G04: the version became live (stage or alias; where no move was seen, when it was first seen) after the newest attestation of it that
 *   counts and after the approval of its entry. An approval counts while the entry is approved.
 * - G05: a metric `disparate_impact` or `….disparate_impact`, any case, is outside 0.8–1.25. NaN is unknown.
 * - G06: a tag of version or model, a metric or the source was seen to change after the entry's approval.
 * - G07: a review was attested, and that attestation has expired or is older than 365 days.
 * - G08: no metrics. G11: no dataset among the inputs of the run (of a LoggedModel: none that its metrics name), and no tag of version or
 *   model and no parameter named `dataset…`, any case.
 * - G09: the entry has no owner. G13: it has no risk tier. G12: neither version nor model has a description.
 * - G10: removed from MLflow as a live version; closes when it is seen again.
 * - G14: no run, a run that is missing, failed or was killed, or one without the tag `mlflow.source.git.commit`, which MLflow's own client
 *   sets on what is made from within a Git repository.
 *
 * G01, G05, G08, G11 and G14 need the run. Where it is missing or unreadable they are unknown, unless what is known decides; G14 alone
 * calls a missing run a gap. Unknown opens and closes nothing.
 */
export const RULES = [
  {
    ...critical('G01', 'Live without a bias assessment', 'bias-assessment'),
    mappings: evidenceFor('EU AI Act Annex IV.2(g)', 'NIST AI RMF MEASURE 2.11'),
  },
  {
    ...critical('G02', 'Live without a security review', 'security-review'),
    mappings: evidenceFor('EU AI Act Annex IV.2(h)', 'NIST AI RMF MEASURE 2.7'),
  },
  {
    ...critical('G03', 'Live without a privacy evaluation', 'privacy-evaluation'),
    mappings: evidenceFor('NIST AI RMF MEASURE 2.10'),
  },
  {
    ...rule('G04', 'Went live, not reviewed since', 'critical'),
    satisfiedBy: 'an attestation of the version, or an approval of its entry, after the stage or alias moved',
    mappings: evidenceFor('NIST AI RMF MANAGE 1.1'),
  },
  {
    ...rule('G05', 'Disparate impact outside 0.8–1.25', 'high'),
    satisfiedBy: 'every metric named disparate_impact within 0.8–1.25 (a screen, not an assessment)',
    mappings: evidenceFor('EU AI Act Annex IV.2(g)', 'NIST AI RMF MEASURE 2.11'),
  },
  {
    ...rule('G06', 'Changed after approval', 'high'),
    satisfiedBy: 'an approval of the entry after the last change of tags, metrics or source',
    mappings: evidenceFor('ISO/IEC 42001 A.6.2.5'),
  },
  {
    ...rule('G07', 'Evaluation expired', 'high'),
    satisfiedBy: 'a newer attestation of the same review',
    maxAgeDays: ATTESTATION_DAYS,
    mappings: evidenceFor('EU AI Act Art. 72', 'ISO/IEC 42001 A.6.2.6'),
  },
  {
    ...rule('G08', 'Live without metrics', 'high'),
    satisfiedBy: 'a metric on the run or logged model of the version',
    mappings: evidenceFor('EU AI Act Annex IV.2(g)'),
  },
  {
    ...rule('G09', 'Live without an owner', 'high'),
    satisfiedBy: 'an owner in the inventory entry',
    mappings: evidenceFor('ISO/IEC 42001 A.3.2'),
  },
  {
    ...rule('G10', 'Removed from MLflow while live', 'high'),
    scope: 'versions removed from MLflow while they were live',
    satisfiedBy: 'the version being seen in MLflow again',
    mappings: evidenceFor('EU AI Act Art. 12', 'ISO/IEC 42001 A.6.2.8'),
  },
  {
    ...rule('G11', 'No dataset named', 'medium'),
    satisfiedBy: 'a dataset logged with the run, or a tag or parameter whose name begins with dataset',
    mappings: evidenceFor('EU AI Act Annex IV.2(d)', 'ISO/IEC 42001 A.7.5'),
  },
  {
    ...rule('G12', 'No description', 'medium'),
    satisfiedBy: 'a description of the version or of its model',
    mappings: evidenceFor('NIST AI RMF MAP 1.1'),
  },
  {
    ...rule('G13', 'No risk tier', 'medium'),
    satisfiedBy: 'a risk tier in the inventory entry',
    mappings: evidenceFor('SR 26-2'),
  },
  {
    ...rule('G14', 'Run missing, failed or without commit', 'medium'),
    satisfiedBy: 'a run that MLflow still has, that did not fail and that names the Git commit of its code',
    mappings: evidenceFor('EU AI Act Art. 12'),
  },
] as const satisfies readonly Rule[];

/** Any change of a rule or of how it is judged is another version: all live versions are then judged again. */
export const CATALOGUE_VERSION = '2';

export type RuleId = (typeof RULES)[number]['id'];

/** The review as a sentence names it. */
export const REVIEWS: Record<Requirement, { noun: string; rule: RuleId }> = {
  'bias-assessment': { noun: 'bias assessment', rule: 'G01' },
  'security-review': { noun: 'security review', rule: 'G02' },
  'privacy-evaluation': { noun: 'privacy evaluation', rule: 'G03' },
};

export const REQUIREMENTS: readonly Requirement[] = [
  'bias-assessment',
  'security-review',
  'privacy-evaluation',
];

function rule<Id extends string>(id: Id, title: string, severity: Rule['severity']) {
  return { id, title, severity, scope: 'live versions', requirement: null, maxAgeDays: null };
}

function critical<Id extends string>(id: Id, title: string, requirement: Requirement) {
  return {
    ...rule(id, title, 'critical'),
    requirement,
    satisfiedBy: 'a passed attestation with evidence, by a reviewer who does not own the model',
    maxAgeDays: ATTESTATION_DAYS,
  };
}

function evidenceFor(...clauses: string[]): string[] {
  return clauses.map((clause) => `supports evidence for ${clause}`);
}
