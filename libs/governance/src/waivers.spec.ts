import type { Waiver } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import { JOSE, RIN, startGovernance, SyncedRegistry } from './synced-registry.fixture';

const ADMIN = { actor: { id: crypto.randomUUID(), name: 'Åsa', via: 'session' as const }, isAdmin: true };
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe('answers to a waiver', () => {
  let rooms: TestRooms;
  let registry: SyncedRegistry;
  let waiver: Waiver;

  const approve = () => registry.reviews.approveWaiver(registry.orgId, waiver.id, RIN.actor);
  const refuse = (actor = RIN.actor) =>
    registry.reviews.refuseWaiver(registry.orgId, waiver.id, { actor, reason: 'Measure it first.' });
  const withdraw = (actor = JOSE.actor) =>
    registry.reviews.withdrawWaiver(registry.orgId, waiver.id, { actor, isAdmin: false });
  const waiting = async () => (await registry.governance.summary(registry.orgId)).waiversWaiting;
  const status = async () => (await registry.finding('G01'))?.status;

  beforeAll(async () => {
    rooms = await startGovernance();
  });

  beforeEach(async () => {
    registry = await SyncedRegistry.in(rooms);
    await registry.sync([{}]);
    const input = { versionId: (await registry.row()).id, rule: 'G01', reason: 'Vendor model.' };
    waiver = await registry.reviews.requestWaiver(
      registry.orgId,
      { ...input, endsAt: inDays(30) },
      JOSE.actor,
    );
  });

  afterAll(() => rooms?.close());

  it('counts those that wait for one, until they have it or have ended', async () => {
    expect([waiver.status, await waiting()]).toEqual(['requested', 1]);
    await approve();
    expect(await waiting()).toBe(0);
    await registry.reviews.requestWaiver(registry.orgId, { ...waiver, rule: 'G02' }, JOSE.actor);
    expect(await waiting()).toBe(1);
    await registry.asOperator(`UPDATE waiver SET ends_at = now() - interval '1 hour' WHERE org_id = $1`);
    expect(await waiting()).toBe(0);
  });

  it('refuses it on the word of someone other than the requester, who says why', async () => {
    expect(await status()).toBe('acknowledged');
    await expect(refuse(JOSE.actor)).rejects.toMatchObject({ code: 'conflict' });
    expect(await refuse()).toMatchObject({
      ...{ status: 'refused', closedBy: '山田 凛', closedReason: 'Measure it first.', approvedBy: null },
      closedAt: expect.any(String),
    });
    expect(await status()).toBe('open');
    expect((await registry.row()).openGaps).toBe(3);
  });

  it('lets its requester withdraw it, and nobody else but an Admin', async () => {
    await expect(withdraw(RIN.actor)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await status()).toBe('acknowledged');
    expect(await withdraw()).toMatchObject({ status: 'withdrawn', closedBy: 'José Muñoz' });
    expect(await status()).toBe('open');
  });

  it('opens the finding of an approved one again as soon as an Admin withdraws it, as old as it was', async () => {
    const before = await registry.finding('G01');
    await approve();
    expect([await status(), (await registry.row()).openGaps]).toEqual(['waived', 2]);
    const withdrawn = await registry.reviews.withdrawWaiver(registry.orgId, waiver.id, ADMIN);
    expect(withdrawn).toMatchObject({ status: 'withdrawn', approvedBy: '山田 凛', closedBy: 'Åsa' });
    expect(await registry.finding('G01')).toMatchObject({ status: 'open', since: before?.since });
    expect((await registry.row()).openGaps).toBe(3);
  });

  it('takes nothing back: refused and withdrawn ones, and those that have ended, stay as they are', async () => {
    const acts = { approved: approve, refused: refuse, withdrawn: withdraw };
    for (const [end, more] of [
      ['refused', ['approved', 'refused', 'withdrawn']],
      ['withdrawn', ['approved', 'refused', 'withdrawn']],
      ['approved', ['approved', 'refused']],
    ] as const) {
      waiver = await registry.reviews.requestWaiver(registry.orgId, waiver, JOSE.actor);
      await acts[end]();
      for (const act of more)
        await expect(acts[act]()).rejects.toMatchObject({
          code: 'conflict',
          message: expect.stringContaining(end),
        });
    }
    await registry.asOperator(`UPDATE waiver SET ends_at = now() - interval '1 hour' WHERE org_id = $1`);
    await expect(withdraw()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('hears one answer only, however many are given at once', async () => {
    const given = await Promise.allSettled([approve(), refuse(), approve(), refuse()]);
    expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('leaves each in the trail, without names of people', async () => {
    await approve();
    await registry.reviews.withdrawWaiver(registry.orgId, waiver.id, ADMIN);
    waiver = await registry.reviews.requestWaiver(registry.orgId, waiver, JOSE.actor);
    await refuse();
    const trail = (await registry.trail()).filter(({ action }) => action.startsWith('waiver.'));
    expect(trail.map(({ action }) => action)).toEqual([
      'waiver.requested',
      'waiver.approved',
      'waiver.withdrawn',
      'waiver.requested',
      'waiver.refused',
    ]);
    expect(trail.at(-1)?.body).toContain('Measure it first.');
    for (const name of ['Muñoz', '山田', 'Åsa']) expect(JSON.stringify(trail)).not.toContain(name);
  });
});
