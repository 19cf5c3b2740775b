import type { FindingPage } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import { SyncHistory } from '@vw/sync-history';
import { DataSource } from 'typeorm';
import { RIN, startGovernance, SyncedRegistry, type VersionSketch } from './synced-registry.fixture';

const LACKING = { G01: 'open', G02: 'open', G03: 'open', G04: 'open', G09: 'open', G13: 'open' };

describe('the evaluation after a sync', () => {
  let rooms: TestRooms;
  let registry: SyncedRegistry;

  beforeAll(async () => {
    rooms = await startGovernance();
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
  });

  afterAll(() => rooms?.close());

  it('leaves open gaps unknown until it has happened', async () => {
    const runId = await registry.write([{}]);
    expect((await registry.row()).openGaps).toBeNull();
    expect(await registry.governance.summary(registry.orgId)).toMatchObject({
      ...{ live: 1, evaluatedAt: null },
      requirements: [{ missing: 0, covered: 0, unknown: 1 }, { unknown: 1 }, { unknown: 1 }],
    });
    await registry.governance.evaluate(registry.orgId, runId);
    expect((await registry.row()).openGaps).toBe(3);
    expect(await registry.statuses()).toEqual(LACKING);
  });

  it('asks for nothing where a version is not live, whatever its alias case', async () => {
    await registry.sync([
      { version: '1', stage: 'Staging' },
      { version: '2', stage: 'None', aliases: ['challenger', 'Champion'] },
      { version: '3', stage: 'Archived', aliases: ['prod'] },
    ]);
    expect([(await registry.row('1')).openGaps, (await registry.row('2')).openGaps]).toEqual([0, 0]);
    expect(await registry.row('3')).toMatchObject({ live: true, openGaps: 3 });
    expect(await registry.listed('any')).toEqual(['3']);
    expect(await registry.listed('security-review')).toEqual(['3']);
  });

  it('keeps unknown unknown where the run cannot be read, and invents no finding', async () => {
    await registry.sync([{ run: 'unreadable', tags: {} }]);
    expect((await registry.row()).openGaps).toBeNull();
    expect(await registry.statuses()).toEqual({
      G02: 'open',
      G03: 'open',
      G04: 'open',
      G09: 'open',
      G13: 'open',
    });
    const { requirements } = await registry.governance.summary(registry.orgId);
    expect(requirements[0]).toMatchObject({
      requirement: 'bias-assessment',
      missing: 0,
      unknown: 1,
      covered: 0,
    });
    expect(requirements[1]).toMatchObject({ requirement: 'security-review', missing: 1, unknown: 0 });
    expect(await registry.listed('security-review')).toEqual(['1']);
    expect(await registry.listed('bias-assessment')).toEqual([]);
  });

  it('leaves a finding as it was while its run cannot be read', async () => {
    await registry.sync([{}]);
    const before = await registry.finding('G01');
    await registry.sync([{ run: 'unreadable' }]);
    expect(await registry.finding('G01')).toMatchObject({ status: 'open', since: before?.since });
    expect((await registry.row()).openGaps).toBeNull();
    await registry.sync([{}]);
    expect((await registry.row()).openGaps).toBe(3);
  });

  /** What opens a finding of the rule, and what closes it again. */
  const examples: [string, VersionSketch, VersionSketch][] = [
    [
      'G05',
      { run: { metrics: new Map([['eval.disparate_impact', 0.5]]) } },
      { run: { metrics: new Map([['eval.disparate_impact', 1]]) } },
    ],
    ['G08', { run: { metrics: new Map() } }, {}],
    ['G11', { tags: {} }, { tags: { dataset: 'pd' } }],
    [
      'G11',
      { tags: {} },
      { tags: {}, run: { datasets: [{ name: 'pd', digest: '9f2c', context: 'training' }] } },
    ],
    ['G12', { description: '' }, { description: 'Now described.' }],
    ['G14', { run: { status: 'FAILED' } }, {}],
    ['G14', { run: { commit: null } }, {}],
    ['G14', { run: 'none' }, {}],
    ['G14', { run: 'missing' }, {}],
  ];

  it('tells the trail which findings moved from what to what: rule, count and the first versions by name', async () => {
    const five = ['5', '4', '3', '2', '1'].map((version) => ({ version }));
    await registry.sync(five);
    await registry.sync(five.map((sketch) => ({ ...sketch, stage: 'Archived' })));
    const moves = (await registry.trail())
      .filter(({ action }) => action === 'findings.moved')
      .map(({ body }) => JSON.parse(body).after.moves);
    const of = (versions: string[]) => versions.map((version) => ({ model: 'credit-risk-pd', version }));
    const g01 = { rule: 'G01', title: 'Live without a bias assessment', n: 5, versions: of(['1', '2', '3']) };
    expect(moves[0]).toContainEqual({ ...g01, old: null, new: 'open' });
    expect(moves[1]).toContainEqual({ ...g01, old: 'open', new: 'closed' });
  });

  it.each(examples)('opens and closes %s with what was synced', async (rule, opens, closes) => {
    await registry.sync([opens]);
    expect(await registry.finding(rule)).toMatchObject({
      status: 'open',
      modelName: 'credit-risk-pd',
      version: '1',
    });
    await registry.sync([closes]);
    expect(await registry.finding(rule)).toMatchObject({ status: 'closed' });
  });

  it('opens G10 where a live version was removed, closes the rest, and turns back when it is seen again', async () => {
    await registry.sync([{}]);
    await registry.sync([], [(await registry.row()).id]);
    expect(await registry.statuses()).toEqual({
      G01: 'closed',
      G02: 'closed',
      G03: 'closed',
      G04: 'closed',
      G09: 'closed',
      G10: 'open',
      G13: 'closed',
    });
    expect((await registry.row()).openGaps).toBe(0);
    expect((await registry.governance.summary(registry.orgId)).live).toBe(0);
    await registry.sync([{}]);
    expect(await registry.statuses()).toEqual({ ...LACKING, G10: 'closed' });
  });

  it('closes what it found when a version is live no more', async () => {
    await registry.sync([{}]);
    await registry.sync([{ stage: 'Archived' }]);
    expect(new Set(Object.values(await registry.statuses()))).toEqual(new Set(['closed']));
    expect(await registry.finding('G01')).toMatchObject({
      stage: 'Archived',
      reason: expect.stringContaining('not live'),
    });
    expect((await registry.row()).openGaps).toBe(0);
  });

  it('opens G04 for a move after the review, and closes it with a review of the move', async () => {
    await registry.sync([{ stage: 'Staging' }]);
    await registry.attestAll();
    await registry.sync([{ stage: 'Staging', aliases: ['champion'] }]);
    expect(await registry.finding('G04')).toMatchObject({ status: 'open', severity: 'critical' });
    expect((await registry.row()).openGaps).toBe(0);
    await registry.attestAll();
    expect(await registry.finding('G04')).toMatchObject({ status: 'closed' });
  });

  it('opens G06 for a change after the approval, and closes it with another approval', async () => {
    await registry.sync([{}]);
    const [entry] = (await registry.entries.list(registry.orgId, {})).items;
    const approve = () =>
      registry.entries.change(registry.orgId, entry?.id ?? '', {
        input: { approvalStatus: 'approved' },
        actor: RIN.actor,
      });
    await approve();
    expect(await registry.finding('G06')).toBeNull();
    expect(await registry.finding('G04')).toMatchObject({ status: 'closed' });
    await registry.sync([{ tags: { dataset: 'pd_2026q4' } }]);
    expect(await registry.finding('G06')).toMatchObject({ status: 'open' });
    await approve();
    expect(await registry.finding('G06')).toMatchObject({ status: 'closed' });
  });

  it('judges every live version again under another catalogue', async () => {
    await registry.sync([{}]);
    await registry.asOperator(`UPDATE finding SET reason = 'as an older rule said' WHERE org_id = $1`);
    await registry.sync([]);
    expect((await registry.finding('G01'))?.reason).toBe('as an older rule said');
    await registry.asOperator(`UPDATE governance_state SET catalogue_version = '0' WHERE org_id = $1`);
    await registry.sync([]);
    expect((await registry.finding('G01'))?.reason).toBe('No bias assessment is attested.');
  });

  it('marks the runs it looked at, and leaves one alone that goes on', async () => {
    const history = rooms.app.get(SyncHistory, { strict: false });
    const lost = await registry.write([{}]);
    await registry.asOperator(
      `UPDATE sync_run SET finished_at = now() - interval '2 minutes' WHERE org_id = $1`,
    );
    expect(await history.unevaluated()).toContainEqual({ orgId: registry.orgId, runId: lost });
    const { run } = await history.request(registry.orgId, 'manual', 'spec');
    await registry.governance.evaluate(registry.orgId, run.id);
    expect((await registry.row()).openGaps).toBeNull();
    await registry.governance.evaluate(registry.orgId, lost);
    expect((await registry.row()).openGaps).toBe(3);
    expect(await history.unevaluated()).not.toContainEqual({ orgId: registry.orgId, runId: lost });
  });

  it('lists findings oldest first, a page at a time, by each filter', async () => {
    await registry.sync([{ model: 'a_1' }, { model: 'b%2' }]);
    const { governance, orgId } = registry;
    const first = await governance.findings(orgId, { limit: 5, status: 'open' });
    expect([first.items.length, first.total]).toEqual([5, 12]);
    const rest = await governance.findings(orgId, {
      limit: 200,
      status: 'open',
      cursor: first.nextCursor ?? '',
    });
    expect([rest.items.length, rest.total, rest.nextCursor]).toEqual([7, null, null]);
    expect(new Set([...first.items, ...rest.items].map((one) => one.id)).size).toBe(12);
    expect((await governance.findings(orgId, { search: '%' })).total).toBe(6);
    expect((await governance.findings(orgId, { search: 'A_' })).total).toBe(6);
    expect(
      (await governance.findings(orgId, { requirement: 'security-review' })).items.map((one) => one.rule),
    ).toEqual(['G02', 'G02']);
    expect((await governance.findings(orgId, { severity: 'medium' })).total).toBe(2);
    await expect(governance.findings(orgId, { cursor: first.nextCursor ?? '' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('lists critical findings first, and each severity from the oldest on, page by page', async () => {
    await registry.sync([{ model: 'younger' }]);
    await registry.asOperator(
      `UPDATE finding SET since = since + CASE rule WHEN 'G01' THEN interval '1 day' WHEN 'G09' THEN interval '-1 day'
         ELSE '0' END WHERE org_id = $1`,
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const asked = { status: 'open', sort: 'severity', limit: 2, ...(cursor && { cursor }) } as const;
      const page: FindingPage = await registry.governance.findings(registry.orgId, asked);
      seen.push(...page.items.map((one) => `${one.severity} ${one.rule}`));
      cursor = page.nextCursor;
    }
    expect(seen.slice(-3)).toEqual(['critical G01', 'high G09', 'medium G13']);
    expect(seen.slice(0, 3).sort()).toEqual(['critical G02', 'critical G03', 'critical G04']);
    const bySince = await registry.governance.findings(registry.orgId, { limit: 2 });
    await expect(
      registry.governance.findings(registry.orgId, { sort: 'severity', cursor: bySince.nextCursor ?? '' }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('shows an organization nothing of another', async () => {
    await registry.sync([{}]);
    const other = await SyncedRegistry.in(rooms);
    expect((await other.governance.findings(other.orgId, {})).total).toBe(0);
    expect((await other.entries.list(other.orgId, {})).total).toBe(0);
  });

  it('evaluates 2,000 live versions and 2,000 others in some statements for each 250', async () => {
    const statements = countStatements(rooms);
    const sketches = Array.from({ length: 4_000 }, (_, at): VersionSketch => ({
      version: String(at + 1),
      stage: at % 2 ? 'Production' : 'None',
    }));
    const runId = await registry.write(sketches);
    statements.reset();
    await registry.governance.evaluate(registry.orgId, runId);
    expect(statements.count()).toBeLessThan(150);
    const { live, requirements } = await registry.governance.summary(registry.orgId);
    expect([live, requirements[0]?.missing]).toEqual([2_000, 2_000]);
    expect((await registry.governance.findings(registry.orgId, { status: 'open' })).total).toBe(12_000);
    expect((await registry.listed('any')).length).toBe(50);
    statements.reset();
    await registry.governance.evaluate(registry.orgId, runId);
    expect(statements.count()).toBeLessThan(30);
  });
});

/** Counts what goes over the wire to Postgres. */
function countStatements(rooms: TestRooms): { count(): number; reset(): void } {
  let n = 0;
  const { logger } = rooms.app.get(DataSource);
  logger.logQuery = () => void (n += 1);
  return { count: () => n, reset: () => void (n = 0) };
}
