import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { Database, decodeCursor, encodeCursor, LiveFeed, Problem } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type Attestation,
  type AttestationInput,
  type PageQuery,
  type Waiver,
  type WaiverInput,
  type WaiverPage,
  type WaiverStatus,
} from '@vw/shared-contracts';
import { ATTESTATION_DAYS, RULES, WAIVER_DAYS } from './catalogue';
import { selectEntriesOf } from './entry-statements';
import { Evaluation } from './evaluation';
import { hasOpenFinding } from './finding-statements';
import { signsAs } from './judgement';
import {
  countWaivers,
  insertAttestation,
  insertWaiver,
  listWaivers,
  moveWaiver,
  selectWaiver,
  toAttestation,
  toWaiver,
  type WaiverMove,
  type WaiverRow,
} from './review-statements';
import { lockState } from './state-statements';

const DAY_MS = 86_400_000;

/** How a waiver goes on. Nothing comes back: a new one is asked for. */
const WAIVER_MOVES: Record<WaiverStatus, readonly WaiverStatus[]> = {
  requested: ['approved', 'refused', 'withdrawn'],
  approved: ['withdrawn'],
  refused: [],
  withdrawn: [],
};

/** Who signs. The e-mail tells whether the signer owns the model; null for one without. */
export interface Signer {
  actor: Actor;
  email: string | null;
}

interface Answer {
  to: WaiverMove['to'];
  actor: Actor;
  reason: string | null;
}

/**
 * What people say about findings: attestations and waivers. Invariant: what is signed is only ever added, and its version is judged
 * again in the same transaction.
 */
@Injectable()
export class Reviews {
  constructor(
    private readonly database: Database,
    private readonly evaluation: Evaluation,
    private readonly audit: Audit,
    private readonly live: LiveFeed,
  ) {}

  /**
   * Keeps an attestation of any version. One that its model's owner signs is kept and does not satisfy.
   * Throws `not-found` for an unknown version, `invalid-input` for an end that is past or too far.
   */
  async attest(orgId: string, input: AttestationInput, signer: Signer): Promise<Attestation> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const { now } = await lockState(tx, orgId);
      const facts = await this.evaluation.factsOf(orgId, input.versionId);
      const [entry] = await selectEntriesOf(tx, orgId, [facts.modelId]);
      const name = nameOf(signer.actor);
      const row = await insertAttestation(tx, orgId, {
        version_id: facts.id,
        requirement: input.requirement,
        result: input.result,
        evidence_url: input.evidenceUrl ?? null,
        evidence_sha256: input.evidenceSha256?.toLowerCase() ?? null,
        expires_at: endWithin('expiresAt', input.expiresAt ?? null, { now, days: ATTESTATION_DAYS }),
        note: input.note ?? null,
        signer_id: signer.actor.id,
        signer_name: name,
        signer_email: signer.email,
        by_owner: Boolean(entry?.owner && signsAs(name, signer.email, entry.owner)),
      });
      const attestation = toAttestation(row);
      await this.audit.append(orgId, {
        actor: signer.actor,
        action: 'attestation.signed',
        subject: { type: 'model-version', id: facts.id, name: `${facts.modelName} ${facts.version}` },
        // The trail holds ids of people, no names.
        after: { ...attestation, attestedBy: undefined, ...signedWith(signer.actor) },
      });
      await this.judgeAgain(orgId, facts.id, signer.actor);
      return attestation;
    });
  }

  /** Asks to accept an open finding for a while. Throws `not-found`, `invalid-input`, and `conflict` where there is nothing to waive. */
  async requestWaiver(orgId: string, input: WaiverInput, actor: Actor): Promise<Waiver> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const { now } = await lockState(tx, orgId);
      const facts = await this.evaluation.factsOf(orgId, input.versionId);
      if (!RULES.some((rule) => rule.id === input.rule))
        throw new Problem('invalid-input', {
          errors: [{ field: 'rule', message: 'rule must be one of the catalogue, G01 for example' }],
        });
      const endsAt = endWithin('endsAt', input.endsAt, { now, days: WAIVER_DAYS });
      if (!(await hasOpenFinding(tx, orgId, input)))
        throw new Problem('conflict', { detail: 'This version has no open finding of this rule.' });
      const waiver = toWaiver(
        await insertWaiver(tx, orgId, {
          version_id: facts.id,
          rule: input.rule,
          reason: input.reason,
          ends_at: endsAt,
          requester_id: actor.id,
          requester_name: nameOf(actor),
        }),
      );
      await this.record(orgId, waiver, { actor, action: 'waiver.requested' });
      return waiver;
    });
  }

  /** Throws `not-found`, and `conflict` for the requester's own, one that is answered already and one that has ended. */
  async approveWaiver(orgId: string, id: string, actor: Actor): Promise<Waiver> {
    return this.answer(orgId, id, { to: 'approved', actor, reason: null });
  }

  /** Says no, and why. Throws as `approveWaiver` does. */
  async refuseWaiver(orgId: string, id: string, no: { actor: Actor; reason: string }): Promise<Waiver> {
    return this.answer(orgId, id, { to: 'refused', ...no });
  }

  /**
   * Takes back a waiver, approved or not: its finding is open again at once. Its requester may, and an Admin.
   * Throws `not-found`, `forbidden` for anybody else, and `conflict` for one that counts no more.
   */
  async withdrawWaiver(orgId: string, id: string, by: { actor: Actor; isAdmin: boolean }): Promise<Waiver> {
    return this.database.orgTransaction(orgId, async () => {
      const row = await this.waiverToMove(orgId, id, 'withdrawn');
      if (!by.isAdmin && !isRequester(row, by.actor))
        throw new Problem('forbidden', { detail: 'Only its requester or an Admin may withdraw a waiver.' });
      return this.move(orgId, row, { to: 'withdrawn', actor: by.actor, reason: null });
    });
  }

  /** Newest first, ended ones too. Throws `invalid-input` for a foreign cursor. */
  async waivers(orgId: string, page: PageQuery): Promise<WaiverPage> {
    const limit = page.limit ?? DEFAULT_LIMIT;
    const after = page.cursor ? String(decodeCursor('waivers', page.cursor, 1)[0]) : null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const rows = await listWaivers(tx, orgId, { after, most: limit + 1 });
      const items = rows.slice(0, limit).map(toWaiver);
      const last = items.at(-1);
      return {
        items,
        nextCursor: rows.length > limit && last ? encodeCursor('waivers', [last.id]) : null,
        total: page.cursor ? null : await countWaivers(tx, orgId),
      };
    });
  }

  /** The word of a second person. */
  private async answer(orgId: string, id: string, answer: Answer): Promise<Waiver> {
    return this.database.orgTransaction(orgId, async () => {
      const row = await this.waiverToMove(orgId, id, answer.to);
      if (isRequester(row, answer.actor))
        throw new Problem('conflict', { detail: 'Someone other than its requester must answer a waiver.' });
      return this.move(orgId, row, answer);
    });
  }

  /** The waiver, where it may become that; holds the organization's findings until the transaction ends. */
  private async waiverToMove(orgId: string, id: string, to: WaiverStatus): Promise<WaiverRow> {
    const tx = this.database.current(orgId);
    const { now } = await lockState(tx, orgId);
    const row = await selectWaiver(tx, orgId, id);
    if (!row) throw new Problem('not-found');
    if (!WAIVER_MOVES[row.status].includes(to))
      throw new Problem('conflict', { detail: `This waiver is ${row.status} already.` });
    if (row.ends_at <= now) throw new Problem('conflict', { detail: 'This waiver has ended.' });
    return row;
  }

  private async move(orgId: string, row: WaiverRow, { to, actor, reason }: Answer): Promise<Waiver> {
    const move = { id: row.id, from: row.status, to, by: { id: actor.id, name: nameOf(actor) }, reason };
    const waiver = toWaiver(await moveWaiver(this.database.current(orgId), orgId, move));
    await this.record(orgId, waiver, { actor, action: `waiver.${to}` });
    return waiver;
  }

  private async record(orgId: string, waiver: Waiver, act: { actor: Actor; action: string }): Promise<void> {
    // The trail holds ids of people, no names.
    const nameless = { requestedBy: undefined, approvedBy: undefined, closedBy: undefined };
    const after = { ...waiver, ...nameless, ...signedWith(act.actor) };
    const name = `${waiver.rule} of ${waiver.modelName} ${waiver.version}`;
    await this.audit.append(orgId, { ...act, subject: { type: 'waiver', id: waiver.id, name }, after });
    await this.judgeAgain(orgId, waiver.versionId, act.actor);
  }

  private async judgeAgain(orgId: string, versionId: string, actor: Actor): Promise<void> {
    await this.evaluation.judge(orgId, [versionId], { runId: null, actor });
    for (const topic of ['governance', 'inventory'] as const)
      await this.live.publish(orgId, topic, versionId);
  }
}

function isRequester(row: WaiverRow, actor: Actor): boolean {
  return row.requester_id === null ? row.requester_name === nameOf(actor) : row.requester_id === actor.id;
}

/** Told where somebody else was shown the password, too, and could have signed. */
export function signedWith({ oneTimePassword }: Actor): { oneTimePassword?: true } {
  return oneTimePassword ? { oneTimePassword } : {};
}

/** The end asked for, or the last one possible. Throws `invalid-input` for one that is past or too far. */
function endWithin(field: string, asked: string | null, limit: { now: Date; days: number }): Date {
  const most = new Date(+limit.now + limit.days * DAY_MS);
  const end = asked === null ? most : new Date(asked);
  if (end <= limit.now || end > most)
    throw new Problem('invalid-input', {
      errors: [{ field, message: `${field} must be in the future, ${limit.days} days ahead at most` }],
    });
  return end;
}

/** People and keys have names; a command or the set-up may have none. */
function nameOf(actor: Actor): string {
  return actor.name ?? actor.via;
}
