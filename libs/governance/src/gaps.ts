import { Injectable } from '@nestjs/common';
import { ModelInventory, type VersionFacts } from '@vw/model-inventory';
import { Database, decodeCursor, encodeCursor, Problem, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type GapPage,
  type GapQuery,
  type Requirement,
  type Review,
  type ReviewedVersion,
  type ReviewState,
  type VersionGovernance,
} from '@vw/shared-contracts';
import { REQUIREMENTS, REVIEWS } from './catalogue';
import { selectEntriesOf } from './entry-statements';
import {
  countGaps,
  gapFilters,
  selectGaps,
  selectReviewFindings,
  sumOf,
  type ReviewFinding,
} from './gap-statements';
import { toFinding } from './finding-statements';
import { countingAmong } from './judgement';
import {
  selectAttestations,
  toAttestation,
  toSigned,
  toWaiver,
  type AttestationRow,
} from './review-statements';
import { selectRecord } from './version-statements';

/** What is stored of the reviews of one version. */
interface Stored {
  facts: Pick<VersionFacts, 'id' | 'modelName' | 'version' | 'stage' | 'aliases' | 'live' | 'removedAt'>;
  findings: readonly ReviewFinding[];
  /** Newest first. */
  attestations: readonly AttestationRow[];
  owner: string | null;
}

/**
 * Which versions lack a review, and what is known of each review. Reads only. Invariant: counts what the coverage of the summary counts,
 * and calls unknown what was not evaluated.
 */
@Injectable()
export class Gaps {
  constructor(
    private readonly database: Database,
    private readonly inventory: ModelInventory,
  ) {}

  /** The longest lacking first. Throws `invalid-input` for a cursor of another question. */
  async list(orgId: string, query: GapQuery): Promise<GapPage> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const question = ['gaps', query.search ?? '', query.stage ?? '', query.requirement ?? ''];
    const after = query.cursor ? decodeCursor(question, query.cursor, 2) : null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const filters = gapFilters(orgId, query);
      const rows = await selectGaps(tx, filters, { query, after });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const counts = after ? null : await countGaps(tx, filters);
      const ofStage = (stages: GapPage['stages']) =>
        stages && (query.stage ? stages[query.stage] : sumOf(stages));
      return {
        items: await this.reviewed(
          tx,
          orgId,
          shown.map((row) => row.version_id),
        ),
        nextCursor: last ? encodeCursor(question, [last.since_key, last.version_id]) : null,
        total: ofStage(counts && counts.versions),
        gaps: ofStage(counts && counts.gaps),
        stages: counts && counts.versions,
      };
    });
  }

  /**
   * All that people and rules said of one version, live or not, as it stands or as it stood at an instant (epoch ms).
   * Throws `not-found`, before the version was first seen too.
   */
  async version(orgId: string, versionId: string, at: number | null = null): Promise<VersionGovernance> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const [facts] = await this.inventory.factsOf(orgId, [versionId]);
      if (!facts) throw new Problem('not-found');
      const shown = at === null ? facts : await this.inventory.versionAsOf(orgId, versionId, at);
      const record = await selectRecord(tx, orgId, { versionId, modelId: facts.modelId, at });
      const { findings, attestations, entry } = record;
      return {
        ...toReviewed({ facts: shown, findings, attestations, owner: entry?.owner ?? null }),
        asOf: at === null ? null : new Date(at).toISOString(),
        catalogueVersion: record.catalogueVersion,
        entry,
        attestations: attestations.map(toAttestation),
        findings: findings.map(toFinding),
        waivers: record.waivers.map(toWaiver),
        gate: record.gate,
      };
    });
  }

  /** In the order of the ids, in four statements however many they are. */
  private async reviewed(tx: Transaction, orgId: string, ids: readonly string[]): Promise<ReviewedVersion[]> {
    const versions = new Map((await this.inventory.factsOf(orgId, ids)).map((facts) => [facts.id, facts]));
    const models = [...new Set([...versions.values()].map((facts) => facts.modelId))];
    const owners = new Map(
      (await selectEntriesOf(tx, orgId, models)).map((row) => [row.model_id, row.owner]),
    );
    const findings = Map.groupBy(await selectReviewFindings(tx, orgId, ids), (row) => row.version_id);
    const signed = Map.groupBy(await selectAttestations(tx, orgId, ids), (row) => row.version_id);
    return ids.flatMap((id) => {
      const facts = versions.get(id);
      const owner = (facts && owners.get(facts.modelId)) ?? null;
      return facts
        ? [toReviewed({ facts, findings: findings.get(id) ?? [], attestations: signed.get(id) ?? [], owner })]
        : [];
    });
  }
}

function toReviewed(stored: Stored): ReviewedVersion {
  const { facts } = stored;
  const reviews = REQUIREMENTS.map((requirement) => toReview(stored, requirement));
  const lacking = reviews.flatMap((review) => (review.since === null ? [] : [review.since]));
  return {
    versionId: facts.id,
    modelName: facts.modelName,
    version: facts.version,
    stage: facts.stage,
    aliases: facts.aliases,
    live: facts.live,
    gaps: lacking.length,
    since: lacking.sort()[0] ?? null,
    reviews,
  };
}

function toReview({ facts, findings, attestations, owner }: Stored, requirement: Requirement): Review {
  const finding = findings.find((one) => one.rule === REVIEWS[requirement].rule);
  const state = stateOf(finding, facts.live && facts.removedAt === null);
  const signed = attestations.map((row) => ({ ...toSigned(row), row }));
  const counting = countingAmong(signed, requirement, owner);
  return {
    requirement,
    state,
    since: finding && isLacking(state) ? finding.since.toISOString() : null,
    reason: state === 'not-required' ? '' : (finding?.reason ?? ''),
    attestation: counting && toAttestation(counting.row),
  };
}

/** What was judged before the version went live, or while it could be read, says nothing of now. */
function stateOf(finding: ReviewFinding | undefined, isRequired: boolean): ReviewState {
  if (finding?.status === 'satisfied') return 'attested';
  if (!isRequired) return 'not-required';
  if (finding?.status === 'waived') return 'waived';
  return finding?.known && finding.status !== 'closed' ? (finding.lack ?? 'unknown') : 'unknown';
}

function isLacking(state: ReviewState): boolean {
  return state === 'missing' || state === 'failed' || state === 'expired';
}
