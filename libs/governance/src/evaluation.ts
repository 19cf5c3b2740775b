import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { ModelInventory, type OpenGaps, type VersionFacts } from '@vw/model-inventory';
import { Database, Problem } from '@vw/platform';
import type { FindingStatus, Rule } from '@vw/shared-contracts';
import { CATALOGUE_VERSION, REQUIREMENTS, REVIEWS, RULES, type RuleId } from './catalogue';
import { selectEntriesOf } from './entry-statements';
import { writeFindings, type JudgedFinding, type MoveCount } from './finding-statements';
import { day, judge, type EntryFacts, type Judgement, type Subject } from './judgement';
import { selectAttestations, selectWaivers, toSigned, type WaiverRow } from './review-statements';
import { lockState } from './state-statements';

const NO_ENTRY: EntryFacts = { owner: null, riskTier: null, approvalStatus: 'pending', approvedAt: null };

/** A version as the rules look at it, with the waivers of what they may find. */
export interface Case {
  subject: Subject;
  /** Not ended; approved ones first, then the newest. */
  waivers: readonly WaiverRow[];
}

/** A judgement under the waiver that speaks for it. */
export interface Outcome extends Judgement {
  status: FindingStatus | null;
  still: 'open' | 'acknowledged' | 'waived';
  dueAt: Date | null;
}

/**
 * Judges versions and writes what was found. Invariant: the findings of an organization are written by one transaction at a time, and
 * from facts, attestations, waivers and entries that were read within it.
 */
@Injectable()
export class Evaluation {
  constructor(
    private readonly database: Database,
    private readonly inventory: ModelInventory,
    private readonly audit: Audit,
  ) {}

  /** Judges these versions, in one transaction and a fixed number of statements, however many they are. Returns what moved. */
  async judge(
    orgId: string,
    ids: readonly string[],
    cause: { runId: string | null; actor: Actor },
  ): Promise<MoveCount[]> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const { now } = await lockState(tx, orgId);
      const cases = await this.casesOf(orgId, await this.inventory.factsOf(orgId, ids), now);
      const judged = cases.map((one) => ({ facts: one.subject.facts, outcomes: outcomesOf(one) }));
      const moves = await writeFindings(tx, orgId, {
        judged: judged.flatMap(({ facts, outcomes }) => outcomes.map((outcome) => toRow(facts, outcome))),
        runId: cause.runId,
      });
      await this.inventory.setOpenGaps(
        orgId,
        judged.map(({ facts, outcomes }) => toOpenGaps(facts, outcomes)),
      );
      if (moves.length > 0) await this.record(orgId, moves, cause);
      return moves;
    });
  }

  /** What the rules look at, for versions whose facts were read. */
  async casesOf(orgId: string, versions: readonly VersionFacts[], now: Date): Promise<Case[]> {
    const tx = this.database.current(orgId);
    const ids = versions.map((facts) => facts.id);
    const entries = new Map(
      (await selectEntriesOf(tx, orgId, [...new Set(versions.map((facts) => facts.modelId))])).map((row) => [
        row.model_id,
        {
          owner: row.owner,
          riskTier: row.risk_tier,
          approvalStatus: row.approval_status,
          approvedAt: row.approved_at,
        },
      ]),
    );
    const attestations = Map.groupBy(await selectAttestations(tx, orgId, ids), (row) => row.version_id);
    const waivers = Map.groupBy(await selectWaivers(tx, orgId, ids), (row) => row.version_id);
    return versions.map((facts) => ({
      subject: {
        facts,
        entry: entries.get(facts.modelId) ?? NO_ENTRY,
        attestations: (attestations.get(facts.id) ?? []).map(toSigned),
        asIfLive: false,
        now,
      },
      waivers: waivers.get(facts.id) ?? [],
    }));
  }

  /** Facts of one version. Throws `not-found`. */
  async factsOf(orgId: string, versionId: string): Promise<VersionFacts> {
    const [facts] = await this.inventory.factsOf(orgId, [versionId]);
    if (!facts) throw new Problem('not-found');
    return facts;
  }

  private async record(
    orgId: string,
    moves: readonly MoveCount[],
    cause: { runId: string | null; actor: Actor },
  ): Promise<void> {
    await this.audit.append(orgId, {
      actor: cause.actor,
      action: 'findings.moved',
      subject: { type: 'organization', id: orgId, name: null },
      after: {
        catalogue: CATALOGUE_VERSION,
        moves: moves.map((move) => ({ ...move, title: titleOf(move.rule) })),
      },
      runId: cause.runId,
    });
  }
}

/** What each rule says, and what a waiver makes of it. Pure. */
export function outcomesOf({ subject, waivers }: Case): Outcome[] {
  return judge(subject).map((judgement) => {
    const waiver = waivers.find((one) => one.rule === judgement.rule) ?? null;
    const still = !waiver ? 'open' : waiver.approved_at ? 'waived' : 'acknowledged';
    const isGap = judgement.verdict === 'gap';
    const bears = isGap || judgement.verdict === 'unknown';
    const dueAt = earliest(judgement.until, bears && waiver ? waiver.ends_at : null);
    const words = isGap && waiver ? ` ${wordsOf(waiver)}` : '';
    return {
      ...judgement,
      reason: judgement.reason + words,
      status: statusOf(judgement, still),
      still,
      dueAt,
    };
  });
}

function statusOf(judgement: Judgement, still: Outcome['still']): FindingStatus | null {
  if (judgement.verdict === 'unknown') return null;
  if (judgement.verdict === 'gap') return still;
  const isReview = REQUIREMENTS.some((one) => REVIEWS[one].rule === judgement.rule);
  return judgement.verdict === 'met' && isReview ? 'satisfied' : 'closed';
}

function wordsOf(waiver: WaiverRow): string {
  return waiver.approved_at
    ? `Waived until ${day(waiver.ends_at)}, approved by ${waiver.approver_name}: ${waiver.reason}`
    : `A waiver until ${day(waiver.ends_at)}, asked for by ${waiver.requester_name}, waits for approval by someone else.`;
}

function earliest(...instants: (Date | null)[]): Date | null {
  const known = instants.flatMap((at) => (at ? [+at] : []));
  return known.length > 0 ? new Date(Math.min(...known)) : null;
}

function toRow(facts: VersionFacts, outcome: Outcome): JudgedFinding {
  return {
    version_id: facts.id,
    rule: outcome.rule,
    severity: severityOf(outcome.rule),
    model_name: facts.modelName,
    version: facts.version,
    stage: facts.stage,
    required: facts.live && facts.removedAt === null,
    known: outcome.verdict !== 'unknown',
    lack: outcome.lack,
    status: outcome.status,
    still: outcome.still,
    reason: outcome.reason,
    due_at: outcome.dueAt,
  };
}

export function severityOf(rule: RuleId): JudgedFinding['severity'] {
  return ruleOf(rule).severity;
}

/** As it is now: the trail keeps what the rule was called when its findings moved. */
function titleOf(rule: RuleId): string {
  return ruleOf(rule).title;
}

function ruleOf(id: RuleId): Rule {
  const found = RULES.find((one) => one.id === id);
  if (!found) throw new Error(`The catalogue has no rule ${id}.`);
  return found;
}

/** Open gaps are the reviews that lack and are not waived; unknown where one of the three is. */
function toOpenGaps(facts: VersionFacts, outcomes: readonly Outcome[]): OpenGaps {
  const reviews = REQUIREMENTS.map((requirement) => ({
    requirement,
    outcome: outcomes.find((one) => one.rule === REVIEWS[requirement].rule),
  }));
  const lacking = reviews.filter(
    ({ outcome }) => outcome?.status === 'open' || outcome?.status === 'acknowledged',
  );
  const isUnknown = reviews.some(
    ({ outcome }) => outcome?.verdict === 'unknown' && outcome.still !== 'waived',
  );
  return {
    id: facts.id,
    hash: facts.hash,
    removedAt: facts.removedAt,
    openGaps: isUnknown ? null : lacking.length,
    requirements: lacking.map(({ requirement }) => requirement),
  };
}
