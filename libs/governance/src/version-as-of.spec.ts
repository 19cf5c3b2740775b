import type { VersionGovernance, WaiverStatus } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import { CATALOGUE_VERSION } from './catalogue';
import { Gaps } from './gaps';
import {
  JOSE,
  PASSED,
  RIN,
  startGovernance,
  SyncedRegistry,
  type VersionSketch,
} from './synced-registry.fixture';

const HASH = 'ab'.repeat(32);
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** What people and syncs do, one after the other. */
type Act =
  | { do: 'sync'; sketch: VersionSketch }
  | { do: 'remove' }
  | {
      do: 'attest';
      requirement: 'bias-assessment' | 'security-review';
      result: 'passed' | 'failed';
      byRin: boolean;
    }
  | { do: 'waive'; rule: string }
  | { do: Exclude<WaiverStatus, 'requested'> }
  | {
      do: 'entry';
      owner: string | null;
      riskTier: 'high' | null;
      approvalStatus: 'pending' | 'approved' | 'blocked';
    }
  | { do: 'gate'; target: string };

const SKETCH: fc.Arbitrary<VersionSketch> = fc.record({
  stage: fc.constantFrom('Production' as const, 'Staging' as const),
  aliases: fc.constantFrom([], ['champion'], ['next']),
  description: fc.constantFrom('', 'Probability of default.'),
  run: fc.constantFrom({}, { status: 'FAILED' }, 'none' as const, 'missing' as const, 'unreadable' as const),
});
const ACT: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('sync' as const), sketch: SKETCH }),
  fc.constant({ do: 'remove' as const }),
  fc.record({
    do: fc.constant('attest' as const),
    requirement: fc.constantFrom('bias-assessment' as const, 'security-review' as const),
    result: fc.constantFrom('passed' as const, 'failed' as const),
    byRin: fc.boolean(),
  }),
  fc.record({ do: fc.constant('waive' as const), rule: fc.constantFrom('G01', 'G02', 'G09') }),
  fc.record({ do: fc.constantFrom('approved' as const, 'refused' as const, 'withdrawn' as const) }),
  fc.record({
    do: fc.constant('entry' as const),
    owner: fc.constantFrom(null, 'José Muñoz', 'Kreditrisk'),
    riskTier: fc.constantFrom(null, 'high' as const),
    approvalStatus: fc.constantFrom('pending' as const, 'approved' as const, 'blocked' as const),
  }),
  fc.record({ do: fc.constant('gate' as const), target: fc.constantFrom('Production', 'champion') }),
);

describe('what people and rules said of a version', () => {
  let rooms: TestRooms;
  let gaps: Gaps;

  beforeAll(async () => {
    rooms = await startGovernance();
    gaps = rooms.app.get(Gaps, { strict: false });
  });

  afterAll(() => rooms?.close());

  it('is at any instant of any history what it was shown as then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ACT, { minLength: 6, maxLength: 14 }), async (history) => {
        const registry = await SyncedRegistry.in(rooms);
        await registry.sync([{}]);
        const { id } = await registry.row();
        const snapshots: { at: number; then: VersionGovernance }[] = [];
        for (const act of history) {
          await perform(registry, id, act);
          const then = await gaps.version(registry.orgId, id);
          snapshots.push({ then, at: await instant(registry) });
        }
        for (const { at, then } of snapshots) {
          const folded = await gaps.version(registry.orgId, id, at);
          expect(folded).toEqual({ ...then, asOf: new Date(at).toISOString() });
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 240_000);

  it('tells owner, reviews, findings, waivers and the gate as they stood, however they went on', async () => {
    const registry = await SyncedRegistry.in(rooms);
    await registry.sync([{}]);
    const { id } = await registry.row();
    const before = await instant(registry);
    await perform(registry, id, {
      do: 'entry',
      owner: 'Kreditrisk',
      riskTier: 'high',
      approvalStatus: 'approved',
    });
    await perform(registry, id, {
      do: 'attest',
      requirement: 'bias-assessment',
      result: 'passed',
      byRin: false,
    });
    await perform(registry, id, { do: 'waive', rule: 'G02' });
    await perform(registry, id, { do: 'approved' });
    await perform(registry, id, { do: 'gate', target: 'Production' });
    const signed = await instant(registry);
    await perform(registry, id, { do: 'withdrawn' });
    await perform(registry, id, { do: 'entry', owner: null, riskTier: null, approvalStatus: 'blocked' });
    await perform(registry, id, { do: 'remove' });

    expect(await gaps.version(registry.orgId, id, before)).toMatchObject({
      ...{ gaps: 3, attestations: [], waivers: [], gate: null, catalogueVersion: CATALOGUE_VERSION },
      entry: { owner: null, riskTier: null, approvalStatus: 'pending', approvedAt: null },
    });
    const then = await gaps.version(registry.orgId, id, signed);
    expect(then).toMatchObject({
      ...{ gaps: 1, live: true, catalogueVersion: CATALOGUE_VERSION },
      entry: { owner: 'Kreditrisk', riskTier: 'high', approvalStatus: 'approved' },
      attestations: [{ attestedBy: 'José Muñoz', result: 'passed', evidenceSha256: HASH }],
      waivers: [{ rule: 'G02', status: 'approved', approvedBy: '山田 凛', closedBy: null, closedAt: null }],
      gate: { verdict: 'deny', target: 'Production', catalogueVersion: CATALOGUE_VERSION },
    });
    expect(then.findings.find(({ rule }) => rule === 'G02')).toMatchObject({ status: 'waived' });
    expect(await gaps.version(registry.orgId, id)).toMatchObject({
      ...{ gaps: 0, waivers: [{ status: 'withdrawn', approvedBy: '山田 凛' }] },
      entry: { owner: null, approvalStatus: 'blocked' },
    });
  });

  it('begins when the version was first seen, and belongs to its organization', async () => {
    const registry = await SyncedRegistry.in(rooms);
    const early = await instant(registry);
    await registry.sync([{}]);
    const { id } = await registry.row();
    const { orgId } = await SyncedRegistry.in(rooms);
    for (const [org, at] of [
      [registry.orgId, early],
      [orgId, await instant(registry)],
      [orgId, null],
    ] as const)
      await expect(gaps.version(org, id, at)).rejects.toMatchObject({ code: 'not-found' });
    expect(await gaps.version(registry.orgId, id, Date.parse('9999-12-31T23:59:59.999Z'))).toMatchObject({
      gaps: 3,
    });
  });

  it('lets nobody rewrite the past', async () => {
    const registry = await SyncedRegistry.in(rooms);
    for (const table of ['inventory_entry_change', 'catalogue_use', 'gate_answer', 'finding_move'])
      for (const sql of [`UPDATE ${table} SET id = id`, `DELETE FROM ${table}`])
        await expect(rooms.database.orgTransaction(registry.orgId, (tx) => tx.execute(sql))).rejects.toThrow(
          /permission denied/,
        );
  });

  /** The database's clock, in ms; over once the answer is there. */
  async function instant(registry: SyncedRegistry): Promise<number> {
    const clock = () =>
      rooms.database.orgTransaction(registry.orgId, async (tx) => {
        const sql = 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms';
        return (await tx.query<{ ms: number }>(sql))[0]?.ms ?? 0;
      });
    const at = await clock();
    while ((await clock()) <= at);
    return at;
  }
});

/** What may not be done just now, such as a waiver of nothing, is left undone. */
async function perform(registry: SyncedRegistry, versionId: string, act: Act): Promise<void> {
  const { orgId, reviews, entries, governance } = registry;
  const refused = (error: { code?: string }): void => {
    if (error.code !== 'conflict') throw error;
  };
  const { items } = await reviews.waivers(orgId, { limit: 1 });
  const waiverId = items[0]?.id;
  switch (act.do) {
    case 'sync':
      await registry.sync([act.sketch]);
      return;
    case 'remove':
      await registry.sync([], [versionId]);
      return;
    case 'attest': {
      const { requirement, result } = act;
      const input = { ...PASSED, versionId, requirement, result, evidenceSha256: HASH };
      await reviews.attest(orgId, input, act.byRin ? RIN : JOSE);
      return;
    }
    case 'waive': {
      const input = { versionId, rule: act.rule, reason: 'Vendor model.', endsAt: inDays(30) };
      await reviews.requestWaiver(orgId, input, JOSE.actor).catch(refused);
      return;
    }
    case 'approved':
      if (waiverId) await reviews.approveWaiver(orgId, waiverId, RIN.actor).catch(refused);
      return;
    case 'refused':
      if (waiverId)
        await reviews.refuseWaiver(orgId, waiverId, { actor: RIN.actor, reason: 'No.' }).catch(refused);
      return;
    case 'withdrawn':
      if (waiverId)
        await reviews.withdrawWaiver(orgId, waiverId, { actor: JOSE.actor, isAdmin: false }).catch(refused);
      return;
    case 'entry': {
      const [entry] = (await entries.list(orgId, {})).items;
      const { owner, riskTier, approvalStatus } = act;
      const change = { input: { owner, riskTier, approvalStatus, purpose: owner }, actor: RIN.actor };
      if (entry) await entries.change(orgId, entry.id, change);
      return;
    }
    case 'gate':
      await governance.gate(orgId, { model: 'credit-risk-pd', version: '1', target: act.target }, RIN.actor);
  }
}
