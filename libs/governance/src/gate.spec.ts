import { jest } from '@jest/globals';
import { HeldVersions } from '@vw/model-inventory';
import type { Gate } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import { CATALOGUE_VERSION } from './catalogue';
import { JOSE, RIN, startGovernance, SyncedRegistry } from './synced-registry.fixture';

const ALL_BUT_DATE = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

describe('the gate', () => {
  let rooms: TestRooms;
  let registry: SyncedRegistry;

  beforeAll(async () => {
    rooms = await startGovernance();
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
    await registry.sync([{ stage: 'Staging' }]);
  });

  afterAll(() => rooms?.close());

  const ask = (version = '1', model = 'credit-risk-pd'): Promise<Gate> =>
    registry.governance.gate(registry.orgId, { model, version, target: 'Production' }, JOSE.actor);
  const rules = (gate: Gate): string[] => gate.reasons.map((reason) => reason.rule);

  it('judges a version as if it were live, and denies it for a critical gap', async () => {
    const gate = await ask();
    expect(gate.verdict).toBe('deny');
    expect(rules(gate)).toEqual(['G01', 'G02', 'G03', 'G09', 'G13']);
    expect(gate.reasons[0]).toEqual({
      rule: 'G01',
      severity: 'critical',
      reason: 'No bias assessment is attested.',
    });
  });

  it('allows what has its reviews, and tells what else it found', async () => {
    await registry.attestAll();
    const gate = await ask();
    expect([gate.verdict, rules(gate)]).toEqual(['allow', ['G09', 'G13']]);
  });

  it('allows a waived gap, not one whose waiver nobody has approved', async () => {
    await registry.sync([{}]);
    await registry.attestAll();
    const versionId = (await registry.row()).id;
    await registry.reviews.attest(
      registry.orgId,
      { versionId, requirement: 'bias-assessment', result: 'failed' },
      RIN,
    );
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const waiver = await registry.reviews.requestWaiver(
      registry.orgId,
      { versionId, rule: 'G01', reason: 'x', endsAt },
      JOSE.actor,
    );
    expect((await ask()).verdict).toBe('deny');
    await registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor);
    expect((await ask()).verdict).toBe('allow');
  });

  it('denies a blocked entry', async () => {
    await registry.attestAll();
    const [entry] = (await registry.entries.list(registry.orgId, {})).items;
    await registry.entries.change(registry.orgId, entry?.id ?? '', {
      input: { approvalStatus: 'blocked' },
      actor: RIN.actor,
    });
    expect(await ask()).toMatchObject({
      verdict: 'deny',
      reasons: [{ rule: 'approval', severity: 'critical' }, {}, {}],
    });
  });

  it('says unknown of a version or model that is not there, a removed one too', async () => {
    expect(await ask('9')).toMatchObject({ verdict: 'unknown', reasons: [{ rule: 'model' }] });
    expect((await ask('1', 'nothing')).verdict).toBe('unknown');
    await registry.sync([], [(await registry.row()).id]);
    expect((await ask()).verdict).toBe('unknown');
  });

  it('says unknown where a critical rule cannot be judged and no other denies', async () => {
    await registry.sync([{ version: '2', run: 'unreadable', stage: 'Staging' }]);
    expect((await ask('2')).verdict).toBe('deny');
    const { id } = await registry.row('2');
    for (const requirement of ['security-review', 'privacy-evaluation'] as const)
      await registry.reviews.attest(
        registry.orgId,
        { versionId: id, requirement, result: 'passed', evidenceUrl: 'https://e.example' },
        JOSE,
      );
    const gate = await ask('2');
    expect([gate.verdict, rules(gate)]).toEqual(['unknown', ['G01', 'G05', 'G08', 'G09', 'G13', 'G14']]);
  });

  it('says unknown when MLflow was last read more than two intervals ago', async () => {
    await registry.attestAll();
    await registry.asOperator(
      `UPDATE sync_run SET finished_at = now() - interval '119 minutes' WHERE org_id = $1`,
    );
    expect((await ask()).verdict).toBe('allow');
    await registry.asOperator(
      `UPDATE sync_run SET finished_at = now() - interval '121 minutes' WHERE org_id = $1`,
    );
    expect(await ask()).toMatchObject({ verdict: 'unknown', reasons: [{ rule: 'freshness' }] });
  });

  it('says unknown of a version that the last whole read did not see, while its removal is held back', async () => {
    await registry.attestAll();
    const { id } = await registry.row();
    const held = rooms.app.get(HeldVersions, { strict: false });
    await held.hold(registry.orgId, { runId: crypto.randomUUID() }, [id]);
    expect(await ask()).toMatchObject({
      verdict: 'unknown',
      reasons: [{ rule: 'model', reason: expect.stringContaining('held back') }],
    });
    await registry.sync([{ stage: 'Staging' }]);
    expect((await ask()).verdict).toBe('allow');
  });

  it('goes by the clock of the database, whatever that of the API says', async () => {
    await registry.attestAll();
    for (const hours of [-3, 3]) {
      jest.useFakeTimers({ now: Date.now() + hours * 3_600_000, doNotFake: ALL_BUT_DATE });
      const asked = ask();
      expect((await asked.finally(() => jest.useRealTimers())).verdict).toBe('allow');
    }
  });

  it('leaves each answer in the trail', async () => {
    await ask();
    const event = (await registry.trail()).at(-1);
    expect(event?.action).toBe('gate.asked');
    expect(JSON.parse(event?.body ?? '')).toMatchObject({
      subject: { type: 'model', name: 'credit-risk-pd' },
      after: { version: '1', target: 'Production', verdict: 'deny', catalogue: CATALOGUE_VERSION },
    });
  });
});
