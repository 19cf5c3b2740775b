import type { TestRooms } from '@vw/testing';
import { JOSE, PASSED, RIN, startGovernance, SyncedRegistry } from './synced-registry.fixture';

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

describe('reviews by people', () => {
  let rooms: TestRooms;
  let registry: SyncedRegistry;
  let versionId: string;

  beforeAll(async () => {
    rooms = await startGovernance();
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
    await registry.sync([{}]);
    versionId = (await registry.row()).id;
  });

  afterAll(() => rooms?.close());

  const waive = (endsAt = inDays(180)) =>
    registry.reviews.requestWaiver(
      registry.orgId,
      { versionId, rule: 'G01', reason: 'Vendor model.', endsAt },
      JOSE.actor,
    );

  it('satisfies a requirement with an attestation, in the same transaction', async () => {
    const signed = await registry.reviews.attest(
      registry.orgId,
      { ...PASSED, versionId, requirement: 'bias-assessment' },
      JOSE,
    );
    expect(signed).toMatchObject({ attestedBy: 'José Muñoz', independent: true, note: null });
    expect(Math.round((Date.parse(signed.expiresAt) - Date.now()) / DAY_MS)).toBe(365);
    expect(await registry.finding('G01')).toMatchObject({
      status: 'satisfied',
      reason: expect.stringMatching(/^Bias assessment attested by José Muñoz on .*, valid until /),
    });
    expect((await registry.row()).openGaps).toBe(2);
    expect((await registry.governance.summary(registry.orgId)).requirements[0]).toMatchObject({
      covered: 1,
      missing: 0,
      unknown: 0,
    });
  });

  it('keeps the hash of the evidence with the review, what was found and the trail', async () => {
    const hash = 'ab'.repeat(32);
    const signed = await registry.reviews.attest(
      registry.orgId,
      { ...PASSED, versionId, requirement: 'bias-assessment', evidenceSha256: hash.toUpperCase() },
      JOSE,
    );
    expect(signed.evidenceSha256).toBe(hash);
    expect((await registry.finding('G01'))?.reason).toContain(`SHA-256 of the evidence: ${hash}.`);
    const event = (await registry.trail()).find(({ action }) => action === 'attestation.signed');
    expect(event?.body).toContain(hash);
  });

  it('opens the gap again with an attestation that failed', async () => {
    await registry.attestAll();
    expect((await registry.row()).openGaps).toBe(0);
    await registry.reviews.attest(
      registry.orgId,
      { versionId, requirement: 'security-review', result: 'failed' },
      RIN,
    );
    expect(await registry.finding('G02')).toMatchObject({ status: 'open' });
    expect((await registry.row()).openGaps).toBe(1);
    expect((await registry.governance.summary(registry.orgId)).requirements[1]).toMatchObject({
      covered: 0,
      failed: 1,
    });
  });

  it('keeps, and does not count, what the owner of the model signs', async () => {
    const [entry] = (await registry.entries.list(registry.orgId, {})).items;
    await registry.entries.change(registry.orgId, entry?.id ?? '', {
      input: { owner: 'JOSE@norrfjard.example' },
      actor: RIN.actor,
    });
    const signed = await registry.reviews.attest(
      registry.orgId,
      { ...PASSED, versionId, requirement: 'bias-assessment' },
      JOSE,
    );
    expect(signed.independent).toBe(false);
    expect(await registry.finding('G01')).toMatchObject({
      status: 'open',
      reason: expect.stringContaining('by the owner'),
    });
    await registry.reviews.attest(
      registry.orgId,
      { ...PASSED, versionId, requirement: 'bias-assessment' },
      RIN,
    );
    expect(await registry.finding('G01')).toMatchObject({ status: 'satisfied' });
  });

  it('refuses an end that is past or too far, and a version that is not there', async () => {
    const attest = (more: object) =>
      registry.reviews.attest(
        registry.orgId,
        { ...PASSED, versionId, requirement: 'bias-assessment', ...more },
        JOSE,
      );
    for (const expiresAt of [inDays(-1), inDays(366)])
      await expect(attest({ expiresAt })).rejects.toMatchObject({
        code: 'invalid-input',
        errors: [{ field: 'expiresAt' }],
      });
    await expect(attest({ versionId: crypto.randomUUID() })).rejects.toMatchObject({ code: 'not-found' });
    await expect(waive(inDays(181))).rejects.toMatchObject({
      code: 'invalid-input',
      errors: [{ field: 'endsAt' }],
    });
    expect(await registry.finding('G01')).toMatchObject({ status: 'open' });
  });

  it('shows a review that was made before the version goes live', async () => {
    await registry.sync([{ version: '2', stage: 'Staging' }]);
    const { id } = await registry.row('2');
    await registry.reviews.attest(
      registry.orgId,
      { ...PASSED, versionId: id, requirement: 'bias-assessment' },
      JOSE,
    );
    expect(await registry.finding('G01', id)).toMatchObject({ status: 'satisfied', stage: 'Staging' });
    expect((await registry.governance.summary(registry.orgId)).requirements[0]).toMatchObject({
      covered: 0,
      missing: 1,
    });
    await registry.sync([{ version: '2' }]);
    expect((await registry.row('2')).openGaps).toBe(2);
  });

  it('opens the gap, and G07, when an attestation has run out, without any change in MLflow', async () => {
    await registry.attestAll();
    await registry.asOperator(
      `UPDATE attestation SET expires_at = now() - interval '1 day' WHERE org_id = $1 AND requirement = 'security-review'`,
    );
    await registry.asOperator(
      `UPDATE finding SET due_at = now() - interval '1 day' WHERE org_id = $1 AND rule = 'G02'`,
    );
    expect(await registry.governance.evaluateLapsed()).toBe(1);
    expect(await registry.finding('G02')).toMatchObject({
      status: 'open',
      reason: expect.stringContaining('expired on'),
    });
    expect(await registry.finding('G07')).toMatchObject({ status: 'open', severity: 'high' });
    expect((await registry.row()).openGaps).toBe(1);
    expect((await registry.governance.summary(registry.orgId)).requirements[1]).toMatchObject({
      expired: 1,
      covered: 0,
    });
    expect(await registry.governance.evaluateLapsed()).toBe(0);
    await registry.attestAll();
    expect(await registry.finding('G07')).toMatchObject({ status: 'closed' });
  });

  it('waives a finding only on the word of someone other than the requester', async () => {
    const waiver = await waive();
    expect(await registry.finding('G01')).toMatchObject({ status: 'acknowledged' });
    expect((await registry.row()).openGaps).toBe(3);
    await expect(registry.reviews.approveWaiver(registry.orgId, waiver.id, JOSE.actor)).rejects.toMatchObject(
      { code: 'conflict' },
    );
    expect(await registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor)).toMatchObject({
      approvedBy: '山田 凛',
    });
    expect(await registry.finding('G01')).toMatchObject({
      status: 'waived',
      reason: expect.stringContaining('Vendor model.'),
    });
    expect((await registry.row()).openGaps).toBe(2);
    expect((await registry.governance.summary(registry.orgId)).requirements[0]).toMatchObject({
      waived: 1,
      missing: 0,
    });
    await expect(registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await registry.reviews.waivers(registry.orgId, {})).items).toMatchObject([{ id: waiver.id }]);
  });

  it('opens a waived finding again when the waiver ends, as old as it was', async () => {
    const before = await registry.finding('G01');
    const waiver = await waive();
    await registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor);
    await registry.asOperator(`UPDATE waiver SET ends_at = now() - interval '1 hour' WHERE org_id = $1`);
    await registry.asOperator(
      `UPDATE finding SET due_at = now() - interval '1 hour' WHERE org_id = $1 AND rule = 'G01'`,
    );
    await registry.sync([]);
    expect(await registry.finding('G01')).toMatchObject({ status: 'open', since: before?.since });
    expect((await registry.row()).openGaps).toBe(3);
  });

  it('opens a waived finding again when the waiver ends while its run cannot be read', async () => {
    const waiver = await waive();
    await registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor);
    await registry.sync([{ run: 'unreadable' }]);
    expect(await registry.finding('G01')).toMatchObject({ status: 'waived' });
    await registry.asOperator(`UPDATE waiver SET ends_at = now() - interval '1 hour' WHERE org_id = $1`);
    await registry.asOperator(
      `UPDATE finding SET due_at = now() - interval '1 hour' WHERE org_id = $1 AND rule = 'G01'`,
    );
    await registry.sync([]);
    expect(await registry.finding('G01')).toMatchObject({ status: 'open' });
  });

  it('waives nothing that is not open', async () => {
    await registry.attestAll();
    await expect(waive()).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      registry.reviews.requestWaiver(
        registry.orgId,
        { versionId, rule: 'G99', reason: 'x', endsAt: inDays(1) },
        JOSE.actor,
      ),
    ).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('leaves every act in the trail, without names of people, and nothing where it fails', async () => {
    await registry.attestAll();
    await registry.reviews.requestWaiver(
      registry.orgId,
      { versionId, rule: 'G09', reason: 'x', endsAt: inDays(1) },
      JOSE.actor,
    );
    const trail = await registry.trail();
    expect(trail.filter((event) => event.action === 'attestation.signed')).toHaveLength(3);
    expect(trail.map((event) => event.action)).toEqual(
      expect.arrayContaining(['findings.moved', 'waiver.requested']),
    );
    expect(JSON.stringify(trail)).not.toContain('Muñoz');
    await expect(waive()).rejects.toThrow();
    expect(await registry.trail()).toHaveLength(trail.length);
  });

  it('lets nobody rewrite an attestation or delete a finding', async () => {
    await registry.attestAll();
    for (const sql of [
      'UPDATE attestation SET result = result',
      'DELETE FROM attestation',
      'DELETE FROM finding',
      'DELETE FROM inventory_entry',
      'UPDATE finding_move SET new = new',
    ])
      await expect(rooms.database.orgTransaction(registry.orgId, (tx) => tx.execute(sql))).rejects.toThrow(
        /permission denied/,
      );
  });
});
