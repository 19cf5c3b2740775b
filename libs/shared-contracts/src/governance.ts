import {
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  IsUrl,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import type { Requirement, Stage, StageCounts } from './model-inventory';
import { PageQuery, type Page } from './page';

export type Severity = 'critical' | 'high' | 'medium';
export type FindingStatus = 'open' | 'acknowledged' | 'satisfied' | 'waived' | 'closed';
export type AttestationResult = 'passed' | 'failed';
/** `unknown`: not evaluated yet, or what it rests on could not be read. `not-required`: the version is not live. */
export type ReviewState =
  'attested' | 'missing' | 'failed' | 'expired' | 'waived' | 'unknown' | 'not-required';

/** One rule of the catalogue. */
export class Rule {
  /** `G01` to `G14`. */
  id!: string;
  title!: string;
  severity!: Severity;
  /** Which versions it judges, in words. */
  scope!: string;
  /** The review that it asks for, if it asks for one. */
  requirement!: Requirement | null;
  /** What closes its finding, in words. */
  satisfiedBy!: string;
  /** After this many days what satisfied it no longer does; null = never. */
  maxAgeDays!: number | null;
  /** Which clauses it supports evidence for. */
  mappings!: string[];
}

/** The catalogue, whole. */
export class RuleCatalogue implements Page<Rule> {
  /** Findings say what this version of the catalogue found. */
  version!: string;
  items!: Rule[];
  nextCursor!: string | null;
  total!: number | null;
}

/** How many live versions have this review. The five that are not `covered` and `covered` add up to `live`. */
export class RequirementCoverage {
  requirement!: Requirement;
  /** Passed, and still valid. */
  covered!: number;
  missing!: number;
  failed!: number;
  expired!: number;
  /** Lacking, on somebody's word other than the requester's. */
  waived!: number;
  /** Not evaluated yet, or what it rests on could not be read. */
  unknown!: number;
}

export class SeverityCounts {
  critical!: number;
  high!: number;
  medium!: number;
}

/** The cards of the governance page. */
export class GovernanceSummary {
  catalogueVersion!: string;
  /** Null before the first evaluation. */
  evaluatedAt!: string | null;
  /** Versions that need the reviews. */
  live!: number;
  requirements!: RequirementCoverage[];
  /** Open and acknowledged findings. */
  severities!: SeverityCounts;
  /** Waivers asked for that nobody has answered yet. */
  waiversWaiting!: number;
}

export class FindingQuery extends PageQuery {
  /** `none` leaves out the rules that ask for a review. */
  @IsOptional()
  @IsIn(['bias-assessment', 'security-review', 'privacy-evaluation', 'none'])
  requirement?: Requirement | 'none';

  /** `G01` to `G14`. */
  @IsOptional()
  @IsString()
  @MaxLength(8)
  rule?: string;

  @IsOptional()
  @IsIn(['critical', 'high', 'medium'])
  severity?: Severity;

  /** Without it every finding is listed, closed ones too. */
  @IsOptional()
  @IsIn(['open', 'acknowledged', 'satisfied', 'waived', 'closed'])
  status?: FindingStatus;

  /** Part of the model name, case-insensitive, taken literally. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  search?: string;

  /** `severity`: critical ones first, and each the oldest first; without it the oldest first, whatever it is. */
  @IsOptional()
  @IsIn(['since', 'severity'])
  sort?: 'since' | 'severity';

  /** Findings of this version only. */
  @IsOptional()
  @IsUUID()
  versionId?: string;
}

/** What one rule found in one version. Never deleted: it moves between its statuses. */
export class Finding {
  id!: string;
  rule!: string;
  severity!: Severity;
  versionId!: string;
  modelName!: string;
  version!: string;
  stage!: Stage;
  status!: FindingStatus;
  /** Since when the gap is there, or, where it is satisfied or closed, is not. */
  since!: string;
  reason!: string;
}

export class FindingPage implements Page<Finding> {
  items!: Finding[];
  nextCursor!: string | null;
  total!: number | null;
}

/** A review of one version, signed by whoever sends it. */
export class AttestationInput {
  @IsUUID()
  versionId!: string;

  @IsIn(['bias-assessment', 'security-review', 'privacy-evaluation'])
  requirement!: Requirement;

  @IsIn(['passed', 'failed'])
  result!: AttestationResult;

  /** Where the evidence lies, http or https. Required where the result is `passed`. */
  @ValidateIf(
    (input: AttestationInput) =>
      input.result === 'passed' || (input.evidenceUrl !== undefined && input.evidenceUrl !== null),
  )
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true })
  @MaxLength(2048)
  evidenceUrl?: string | null;

  /** SHA-256 of the evidence, 64 hex digits: proves later that it is still the one that was reviewed. Kept in lower case. */
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/i, { message: 'evidenceSha256 must be 64 hex digits' })
  evidenceSha256?: string | null;

  /** In the future, 365 days ahead at most; 365 days ahead where it is left out. */
  @IsOptional()
  @IsISO8601({ strict: true })
  expiresAt?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(4000)
  note?: string | null;
}

export class Attestation {
  id!: string;
  versionId!: string;
  requirement!: Requirement;
  result!: AttestationResult;
  evidenceUrl!: string | null;
  /** SHA-256 of the evidence, 64 hex digits in lower case; null where none was given. */
  evidenceSha256!: string | null;
  expiresAt!: string;
  note!: string | null;
  attestedBy!: string;
  attestedAt!: string;
  /** False where the signer owns the model: it is kept, and does not satisfy. */
  independent!: boolean;
}

/** What is known of one review of one version, as of the last evaluation. */
export class Review {
  requirement!: Requirement;
  state!: ReviewState;
  /** Since when it lacks; null where it does not, or where that is unknown. */
  since!: string | null;
  /** What was found, in words; empty where nothing was. */
  reason!: string;
  /** The one that counts, whatever its result; null where there is none. */
  attestation!: Attestation | null;
}

/** A version with its three reviews. */
export class ReviewedVersion {
  versionId!: string;
  modelName!: string;
  version!: string;
  stage!: Stage;
  aliases!: string[];
  /** In stage Production, or under an alias that means production. */
  live!: boolean;
  /** Reviews that are missing, failed or expired. */
  gaps!: number;
  /** Since when the oldest of them lacks; null where none does. */
  since!: string | null;
  reviews!: Review[];
}

export class GapQuery extends PageQuery {
  /** Part of the model name, case-insensitive, taken literally. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  search?: string;

  @IsOptional()
  @IsIn(['None', 'Staging', 'Production', 'Archived'])
  stage?: Stage;

  /** Versions that lack this review. */
  @IsOptional()
  @IsIn(['bias-assessment', 'security-review', 'privacy-evaluation'])
  requirement?: Requirement;
}

/** Versions that lack a review that they need, the longest lacking first. */
export class GapPage implements Page<ReviewedVersion> {
  items!: ReviewedVersion[];
  nextCursor!: string | null;
  total!: number | null;
  /** Gaps of all pages; null where a cursor was sent. */
  gaps!: number | null;
  /** Versions of each stage, whatever stage is asked for; null where a cursor was sent. */
  stages!: StageCounts | null;
}
