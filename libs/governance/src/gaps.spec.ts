import type { TestRooms } from '@vw/testing';
import { Gaps } from './gaps';
import { JOSE, PASSED, RIN, startGovernance, SyncedRegistry } from './synced-registry.fixture';

describe('versions that lack a review', () => {
  let rooms: TestRooms;
  let gaps: Gaps;
  let registry: SyncedRegistry;

  beforeAll(async () => {
    rooms = await startGovernance();
    gaps = rooms.app.get(Gaps, { strict: false });
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
  });

  afterAll(() => rooms?.close());

  const attest = async (more: object = {}, by = JOSE, version = '1') =>
    registry.reviews.attest(
      registry.orgId,
      { ...PASSED, versionId: (await registry.row(version)).id, requirement: 'bias-assessment', ...more },
      by,
    );
  const states = async (version = '1') => {
    const { reviews } = await gaps.version(registry.orgId, (await registry.row(version)).id);
    return reviews.map((review) => review.state);
  };

  it('lists the longest lacking first, page by page, and counts versions and gaps of each stage', async () => {
    await registry.sync([{ version: '1' }]);
    await registry.sync([{ version: '2', stage: 'Staging', aliases: ['champion'] }, { version: '3' }]);
    await registry.sync([{ version: '4', stage: 'Staging' }]);
    await registry.asOperator(
      `UPDATE finding SET since = since - interval '2 days' WHERE org_id = $1 AND version = '3' AND rule = 'G02'`,
    );
    const first = await gaps.list(registry.orgId, { limit: 2 });
    expect(first.items.map((one) => one.version)).toEqual(['3', '1']);
    expect(first).toMatchObject({ total: 3, gaps: 9, stages: { Production: 2, Staging: 1, None: 0 } });
    const cursor = first.nextCursor ?? '';
    const second = await gaps.list(registry.orgId, { limit: 2, cursor });
    expect(second.items).toMatchObject([{ version: '2', aliases: ['champion'], gaps: 3, live: true }]);
    expect(second).toMatchObject({ total: null, gaps: null, stages: null, nextCursor: null });
    await expect(gaps.list(registry.orgId, { stage: 'Staging', cursor })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('filters by one review, a stage and a part of the name, taken literally', async () => {
    await registry.sync([
      { version: '1' },
      { version: '2', stage: 'Staging', aliases: ['prod'] },
      { model: 'fraud_%' },
    ]);
    await attest();
    const versions = async (query: object) => {
      const { items, total, gaps: open } = await gaps.list(registry.orgId, { search: 'credit', ...query });
      return [items.map((one) => one.version).sort(), total, open];
    };
    expect(await versions({})).toEqual([['1', '2'], 2, 5]);
    expect(await versions({ requirement: 'bias-assessment' })).toEqual([['2'], 1, 1]);
    expect(await versions({ stage: 'Production' })).toEqual([['1'], 1, 2]);
    expect((await gaps.list(registry.orgId, { search: '_%' })).items).toMatchObject([
      { modelName: 'fraud_%' },
    ]);
  });

  it('tells who attested, until when it counts, and since when what lacks has lacked', async () => {
    await registry.sync([{}]);
    await attest({ note: 'Twelve groups.' });
    await attest({ requirement: 'security-review', result: 'failed', evidenceUrl: null }, RIN);
    const version = await gaps.version(registry.orgId, (await registry.row()).id);
    expect(version).toMatchObject({ gaps: 2, since: expect.stringMatching(/Z$/) });
    expect(version.reviews).toMatchObject([
      {
        state: 'attested',
        since: null,
        attestation: { attestedBy: 'José Muñoz', evidenceUrl: PASSED.evidenceUrl, note: 'Twelve groups.' },
      },
      { state: 'failed', attestation: { attestedBy: '山田 凛', result: 'failed' } },
      { state: 'missing', since: expect.stringMatching(/Z$/), attestation: null },
    ]);
  });

  it('does not show the attestation of the owner as the one that counts', async () => {
    await registry.sync([{}]);
    const [entry] = (await registry.entries.list(registry.orgId, {})).items;
    const change = { input: { owner: 'José Muñoz' }, actor: RIN.actor };
    await registry.entries.change(registry.orgId, entry?.id ?? '', change);
    await attest();
    const { reviews } = await gaps.version(registry.orgId, (await registry.row()).id);
    expect(reviews[0]).toMatchObject({ state: 'missing', attestation: null });
  });

  it('calls a review unknown before its evaluation, and not required where the version is not live', async () => {
    await registry.write([{}, { version: '2', stage: 'Staging' }]);
    expect(await states()).toEqual(['unknown', 'unknown', 'unknown']);
    expect(await states('2')).toEqual(['not-required', 'not-required', 'not-required']);
    expect((await gaps.list(registry.orgId, {})).items).toEqual([]);
  });

  it('no longer counts a gap that cannot be judged any more, as the coverage does not', async () => {
    await registry.sync([{}]);
    expect(await gaps.list(registry.orgId, {})).toMatchObject({ total: 1, gaps: 3 });
    await registry.sync([{ run: 'unreadable' }]);
    expect(await states()).toEqual(['unknown', 'missing', 'missing']);
    expect(await gaps.list(registry.orgId, {})).toMatchObject({ total: 1, gaps: 2 });
    const { requirements } = await registry.governance.summary(registry.orgId);
    expect(requirements.map((one) => one.missing)).toEqual([0, 1, 1]);
  });

  it('no longer lists a review that is waived, and says so', async () => {
    await registry.sync([{}]);
    const { id: versionId } = await registry.row();
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const input = { versionId, rule: 'G01', reason: 'Vendor model.', endsAt };
    const waiver = await registry.reviews.requestWaiver(registry.orgId, input, JOSE.actor);
    expect(waiver).toMatchObject({ modelName: 'credit-risk-pd', version: '1', requesterId: JOSE.actor.id });
    expect((await gaps.list(registry.orgId, {})).gaps).toBe(3);
    await registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor);
    expect(await states()).toEqual(['waived', 'missing', 'missing']);
    expect((await gaps.list(registry.orgId, {})).gaps).toBe(2);
  });

  it('knows no version of another organization, and none that is not there', async () => {
    await registry.sync([{}]);
    const { id } = await registry.row();
    const other = await SyncedRegistry.in(rooms);
    for (const [orgId, versionId] of [
      [other.orgId, id],
      [registry.orgId, crypto.randomUUID()],
    ] as const)
      await expect(gaps.version(orgId, versionId)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists the findings that ask for no review, and the entry of a version', async () => {
    await registry.sync([{}, { model: 'fraud', version: '9' }]);
    const { items } = await registry.governance.findings(registry.orgId, {
      requirement: 'none',
      status: 'open',
    });
    expect([...new Set(items.map((one) => one.rule))].sort()).toEqual(['G04', 'G09', 'G13']);
    const { id: versionId } = await registry.row('9', 'fraud');
    expect(await registry.entries.list(registry.orgId, { versionId })).toMatchObject({
      items: [{ modelName: 'fraud' }],
      total: 1,
    });
    const unknown = { versionId: crypto.randomUUID() };
    expect(await registry.entries.list(registry.orgId, unknown)).toMatchObject({ items: [], total: 0 });
  });
});
