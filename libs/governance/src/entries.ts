import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { ModelInventory } from '@vw/model-inventory';
import { Database, decodeCursor, encodeCursor, LiveFeed, Problem } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type Entry,
  type EntryInput,
  type EntryPage,
  type EntryQuery,
} from '@vw/shared-contracts';
import {
  countFiltered,
  entryFilters,
  selectEntries,
  selectEntry,
  toEntry,
  updateEntry,
  type EntryRow,
} from './entry-statements';
import { Evaluation } from './evaluation';
import { signedWith } from './reviews';
import { lockState } from './state-statements';

/** What people answer for, one entry per registered model. Invariant: no sync writes these fields, and each change is in the trail. */
@Injectable()
export class Entries {
  constructor(
    private readonly database: Database,
    private readonly inventory: ModelInventory,
    private readonly evaluation: Evaluation,
    private readonly audit: Audit,
    private readonly live: LiveFeed,
  ) {}

  /** By model name. Throws `invalid-input` for a cursor of another question. */
  async list(orgId: string, query: EntryQuery): Promise<EntryPage> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const question = ['entries', query.search ?? '', query.approvalStatus ?? '', query.versionId ?? ''];
    const after = query.cursor ? decodeCursor(question, query.cursor, 2) : null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const filters = entryFilters(orgId, query, await this.modelIdsOf(orgId, query.versionId));
      const rows = await selectEntries(tx, filters, { after, most: limit + 1 });
      const last = rows[limit - 1];
      return {
        items: await this.withRemovals(orgId, rows.slice(0, limit)),
        nextCursor: rows.length > limit && last ? encodeCursor(question, [last.model_name, last.id]) : null,
        total: after ? null : await countFiltered(tx, filters),
      };
    });
  }

  /** Throws `not-found`. */
  async get(orgId: string, id: string): Promise<Entry> {
    return this.database.orgTransaction(orgId, async (tx) =>
      this.only(orgId, await selectEntry(tx, orgId, id)),
    );
  }

  /** Changes what is given, and judges the model's live versions again. Throws `not-found`. */
  async change(orgId: string, id: string, change: { input: EntryInput; actor: Actor }): Promise<Entry> {
    const { input, actor } = change;
    return this.database.orgTransaction(orgId, async (tx) => {
      await lockState(tx, orgId);
      const old = await selectEntry(tx, orgId, id);
      if (!old) throw new Problem('not-found');
      const next = await updateEntry(tx, orgId, {
        ...old,
        owner: input.owner === undefined ? old.owner : textOf(input.owner),
        purpose: input.purpose === undefined ? old.purpose : textOf(input.purpose),
        risk_tier: input.riskTier === undefined ? old.risk_tier : input.riskTier,
        approval_status: input.approvalStatus ?? old.approval_status,
        approve: input.approvalStatus === 'approved',
      });
      await this.audit.append(orgId, {
        actor,
        action: 'entry.changed',
        subject: { type: 'inventory-entry', id, name: old.model_name },
        before: factsOf(old),
        after: { ...factsOf(next), ...signedWith(actor) },
      });
      const versions = await this.inventory.liveVersionIds(orgId, old.model_id);
      await this.evaluation.judge(orgId, versions, { runId: null, actor });
      for (const topic of ['governance', 'inventory'] as const) await this.live.publish(orgId, topic, id);
      return this.only(orgId, next);
    });
  }

  private async modelIdsOf(orgId: string, versionId: string | undefined): Promise<string[] | null> {
    if (versionId === undefined) return null;
    return (await this.inventory.factsOf(orgId, [versionId])).map((facts) => facts.modelId);
  }

  private async only(orgId: string, row: EntryRow | null): Promise<Entry> {
    const [entry] = row ? await this.withRemovals(orgId, [row]) : [];
    if (!entry) throw new Problem('not-found');
    return entry;
  }

  private async withRemovals(orgId: string, rows: readonly EntryRow[]): Promise<Entry[]> {
    const removed = await this.inventory.removedModels(
      orgId,
      rows.map((row) => row.model_id),
    );
    return rows.map((row) => toEntry(row, removed.get(row.model_id) ?? null));
  }
}

/** Only white space is nothing. */
function textOf(text: string | null): string | null {
  return text?.trim() || null;
}

/** What the trail keeps of an entry. */
function factsOf(row: EntryRow): Record<string, unknown> {
  return {
    owner: row.owner,
    purpose: row.purpose,
    riskTier: row.risk_tier,
    approvalStatus: row.approval_status,
    approvedAt: row.approved_at,
  };
}
