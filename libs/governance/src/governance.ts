import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { HeldVersions, ModelInventory, type VersionFacts } from '@vw/model-inventory';
import { Database, eachOrganization, Env, LiveFeed, Log } from '@vw/platform';
import type {
  FindingPage,
  FindingQuery,
  Gate,
  GateQuery,
  GateReason,
  GovernanceSummary,
  RequirementCoverage,
  Requirement,
  RuleCatalogue,
} from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { CATALOGUE_VERSION, REQUIREMENTS, REVIEWS, RULES } from './catalogue';
import { countEntries, insertEntries } from './entry-statements';
import { Evaluation, outcomesOf, severityOf, type Case } from './evaluation';
import {
  listFindings,
  selectCoverage,
  selectDue,
  selectKnown,
  selectSeverities,
  type CoverageRow,
} from './finding-statements';
import { countWaiting } from './review-statements';
import { lockState, selectNow, selectState, updateState } from './state-statements';
import { insertGateAnswer } from './version-statements';

/** Versions judged in one transaction: 3,500 judgements in memory, and a lock that an attestation waits for. */
const CHUNK = 250;
/** The gate trusts what was read within this many sync intervals. */
const STALE_INTERVALS = 2;

const WORKER: Actor = { id: null, name: null, via: 'worker' };

/**
 * The rules on what was synced. Owns `finding`, `finding_move`, `gate_answer`, `catalogue_use`, `governance_state` and, with its
 * neighbours in this room, `attestation`, `waiver`, `inventory_entry` and `inventory_entry_change`. Invariant: a finding is never
 * deleted, and what could not be read opens and closes none.
 */
@Injectable()
export class Governance {
  constructor(
    private readonly database: Database,
    private readonly inventory: ModelInventory,
    private readonly held: HeldVersions,
    private readonly history: SyncHistory,
    private readonly evaluation: Evaluation,
    private readonly audit: Audit,
    private readonly live: LiveFeed,
    private readonly env: Env,
    private readonly log: Log,
  ) {}

  rules(): RuleCatalogue {
    const items = RULES.map((rule) => ({ ...rule, mappings: [...rule.mappings] }));
    return { version: CATALOGUE_VERSION, items, nextCursor: null, total: items.length };
  }

  /** Coverage of the live versions and open findings, as of the last evaluation. */
  async summary(orgId: string): Promise<GovernanceSummary> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const state = await selectState(tx, orgId);
      const live = await this.inventory.liveCount(orgId);
      const rows = new Map((await selectCoverage(tx, orgId)).map((row) => [row.rule, row]));
      return {
        catalogueVersion: CATALOGUE_VERSION,
        evaluatedAt: state?.evaluatedAt?.toISOString() ?? null,
        live,
        requirements: REQUIREMENTS.map((one) => toCoverage(one, live, rows.get(REVIEWS[one].rule))),
        severities: await selectSeverities(tx, orgId),
        waiversWaiting: await countWaiting(tx, orgId),
      };
    });
  }

  /** Oldest first, or by severity. Throws `invalid-input` for a cursor of another question. */
  async findings(orgId: string, query: FindingQuery): Promise<FindingPage> {
    return this.database.orgTransaction(orgId, (tx) => listFindings(tx, orgId, query));
  }

  /** After a sync: entries for new models, then the rules on what changed and what ran out. A run that goes on is left alone. */
  async evaluate(orgId: string, runId: string): Promise<void> {
    if ((await this.history.get(orgId, runId)).finishedAt !== null) await this.settle(orgId, runId);
  }

  /** The rules on whatever ran out meanwhile, over all organizations: those whose MLflow no longer answers too. */
  async evaluateLapsed(): Promise<number> {
    const lapsed = await this.database.acrossOrganizations((tx) =>
      tx.query<{ id: string }>('SELECT lapsed_findings AS id FROM lapsed_findings()'),
    );
    const orgIds = lapsed.map(({ id }) => id);
    await eachOrganization(this.log, orgIds, (orgId) => this.settle(orgId, null));
    return lapsed.length;
  }

  /** May this version go to `target`? Judged as if it were live there, from what is stored now. Leaves an event in the trail. */
  async gate(orgId: string, asked: GateQuery, actor: Actor): Promise<Gate> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const facts = await this.inventory.factsByName(orgId, asked);
      const gate = facts
        ? await this.judgeFor(orgId, facts)
        : unknown(
            'model',
            `MLflow has no version ${asked.version} of ${asked.model}, or several workspaces have one.`,
          );
      if (facts) {
        const answer = { versionId: facts.id, target: asked.target, gate };
        await insertGateAnswer(tx, orgId, { ...answer, catalogueVersion: CATALOGUE_VERSION });
      }
      await this.audit.append(orgId, {
        actor,
        action: 'gate.asked',
        subject: { type: 'model', id: null, name: asked.model },
        after: {
          version: asked.version,
          target: asked.target,
          catalogue: CATALOGUE_VERSION,
          verdict: gate.verdict,
          rules: gate.reasons.map((reason) => reason.rule),
        },
      });
      return gate;
    });
  }

  /** Any number may run at once: each chunk locks, and judging again changes nothing. */
  private async settle(orgId: string, runId: string | null): Promise<void> {
    const runs = await this.history.endedUnevaluated(orgId);
    await this.keepEntries(orgId);
    const { ids, others } = await this.toJudge(orgId);
    for (let at = 0; at < ids.length; at += CHUNK)
      await this.evaluation.judge(orgId, ids.slice(at, at + CHUNK), { runId, actor: WORKER });
    await this.inventory.setNoGapsWhereNotLive(orgId, others);
    await this.database.orgTransaction(orgId, async (tx) => {
      await lockState(tx, orgId);
      await updateState(tx, orgId, CATALOGUE_VERSION);
      await this.history.markEvaluated(orgId, runs);
      if (others.length === 0 && ids.length === 0) return;
      for (const topic of ['governance', 'inventory'] as const)
        await this.live.publish(orgId, topic, runId ?? orgId);
    });
  }

  private async keepEntries(orgId: string): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      if ((await countEntries(tx, orgId)) === (await this.inventory.modelCount(orgId))) return;
      await insertEntries(tx, orgId, await this.inventory.everyModel(orgId));
    });
  }

  /**
   * Which versions to judge: live ones that changed, others that changed and were found something of, and what ran out; under another
   * catalogue all of those. `others` changed, are not live and nothing was found of them: they have no gaps. One that a sync makes so
   * meanwhile is not among them, for something may have been found of it.
   */
  private async toJudge(orgId: string): Promise<{ ids: string[]; others: string[] }> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const pending = await this.inventory.pendingEvaluation(orgId);
      const others = pending.filter((one) => !one.live).map((one) => one.id);
      const isNewCatalogue = (await selectState(tx, orgId))?.catalogueVersion !== CATALOGUE_VERSION;
      const known = await selectKnown(tx, orgId, isNewCatalogue ? null : others);
      const isKnown = new Set(known.map((row) => row.version_id));
      const asked = [...known, ...(await selectDue(tx, orgId))].map((row) => row.version_id);
      const live = isNewCatalogue ? await this.inventory.liveVersionIds(orgId) : [];
      const ids = [...pending.filter((one) => one.live).map((one) => one.id), ...asked, ...live];
      return { ids: [...new Set(ids)], others: others.filter((id) => !isKnown.has(id)) };
    });
  }

  private async judgeFor(orgId: string, facts: VersionFacts): Promise<Gate> {
    const lastCompleteAt = (await this.history.lastComplete(orgId, null))?.finishedAt;
    const now = await selectNow(this.database.current(orgId));
    if (
      !lastCompleteAt ||
      +now - Date.parse(lastCompleteAt) > STALE_INTERVALS * 1_000 * this.env.syncIntervalSeconds
    )
      return unknown(
        'freshness',
        `MLflow was last read whole ${lastCompleteAt ? `at ${lastCompleteAt}` : 'never'}: too long ago.`,
      );
    if (await this.held.waits(orgId, facts.id))
      return unknown(
        'model',
        'MLflow did not show this version when it was last read whole, and nothing proves that it is gone: its removal is held back.',
      );
    const [found] = await this.evaluation.casesOf(orgId, [facts], now);
    return found ? verdictOn(found) : unknown('model', 'The version could not be judged.');
  }
}

/** Critical gaps deny, and an entry that is blocked; a critical rule that cannot be judged is unknown; all else is told and denies nothing. */
export function verdictOn({ subject, waivers }: Case): Gate {
  const outcomes = outcomesOf({ subject: { ...subject, asIfLive: true }, waivers });
  const told = outcomes.filter(
    ({ verdict, still }) => still !== 'waived' && (verdict === 'gap' || verdict === 'unknown'),
  );
  const reasons: GateReason[] = told.map(({ rule, reason }) => ({
    rule,
    severity: severityOf(rule),
    reason,
  }));
  const isBlocked = subject.entry.approvalStatus === 'blocked';
  if (isBlocked)
    reasons.unshift({
      rule: 'approval',
      severity: 'critical',
      reason: 'The inventory entry of the model is blocked.',
    });
  const critical = told.filter(({ rule }) => severityOf(rule) === 'critical');
  if (isBlocked || critical.some(({ verdict }) => verdict === 'gap')) return { verdict: 'deny', reasons };
  return { verdict: critical.length > 0 ? 'unknown' : 'allow', reasons };
}

function unknown(rule: 'model' | 'freshness', reason: string): Gate {
  return { verdict: 'unknown', reasons: [{ rule, severity: 'critical', reason }] };
}

function toCoverage(
  requirement: Requirement,
  live: number,
  row: CoverageRow | undefined,
): RequirementCoverage {
  const { covered = 0, missing = 0, failed = 0, expired = 0, waived = 0 } = row ?? {};
  const known = covered + missing + failed + expired + waived;
  return { requirement, covered, missing, failed, expired, waived, unknown: Math.max(0, live - known) };
}
