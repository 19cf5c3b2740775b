import 'reflect-metadata';
import type { AuditEventPage, InvitedUser, Waiver, WaiverPage } from '@vw/shared-contracts';
import { startTestApi, type TestApi } from './test-api';
import { fillTenant, personOf, type Tenant } from './test-tenants';

const REVIEWER = { name: 'Noor Haddad', email: 'noor@x.example', role: 'reviewer' };
const OWN_PASSWORD = 'a sentence of her own';
const UNKNOWN = '018f0000-0000-7000-8000-000000000000';

describe('waivers over HTTP', () => {
  let api: TestApi;
  /** Its Admin, whose waiver of G02 waits. */
  let admin: Tenant;
  let oneTimePassword: string;

  const post = (path: string, body: object | null, cookie = admin.cookie) =>
    api.call('POST', path, { cookie, ...(body ? { body } : {}) });
  const ask = async (rule: string, cookie = admin.cookie): Promise<Waiver> => {
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const body = { versionId: admin.versionId, rule, reason: 'Next week.', endsAt };
    const asked = await post('/governance/waivers', body, cookie);
    expect(asked.status).toBe(201);
    return asked.json<Waiver>();
  };

  beforeAll(async () => {
    api = await startTestApi();
    admin = await fillTenant(api, 'kestrel');
    ({ oneTimePassword } = (await post('/users', REVIEWER)).json<InvitedUser>());
  });

  afterAll(() => api?.close());

  it('are not approved by whoever asked for them', async () => {
    const asked = await ask('G03');
    const { name } = await personOf(api, admin.cookie);
    expect(asked).toMatchObject({ requestedBy: name, approvedBy: null });
    const own = await post(`/governance/waivers/${asked.id}/approve`, null);
    expect([own.status, own.json()]).toMatchObject([409, { code: 'conflict' }]);
    expect((await post(`/governance/waivers/${UNKNOWN}/approve`, null)).status).toBe(404);
    const list = await api.call('GET', '/governance/waivers', { cookie: admin.cookie });
    expect(list.json()).toMatchObject({ total: 2, items: [{ rule: 'G03' }, { rule: 'G02' }] });
  });

  it('marks in the trail what is signed with a one-time password, and nothing after another is chosen', async () => {
    const cookie = await api.signIn(REVIEWER.email, oneTimePassword);
    const attest = async (): Promise<void> => {
      const { versionId } = admin;
      const review = { versionId, requirement: 'privacy-evaluation', result: 'failed' };
      expect((await post('/governance/attestations', review, cookie)).status).toBe(201);
    };
    const list = await api.call('GET', '/governance/waivers', { cookie });
    const [waiver] = list.json<WaiverPage>().items;
    await attest();
    expect((await post(`/governance/waivers/${waiver?.id}/approve`, null, cookie)).status).toBe(200);
    const chosen = { currentPassword: oneTimePassword, newPassword: OWN_PASSWORD };
    expect((await post('/auth/password', chosen, cookie)).status).toBe(204);
    await attest();
    const { id } = await ask('G13', cookie);
    expect((await post(`/governance/waivers/${id}/withdraw`, null, cookie)).status).toBe(200);

    const newestMark = async (action: string, nth = 0): Promise<unknown> => {
      const trail = await api.call('GET', `/audit/events?action=${action}`, { cookie: admin.cookie });
      const after = trail.json<AuditEventPage>().items[nth]?.after;
      if (!after) throw new Error(`${action} left no event`);
      return Reflect.get(after, 'oneTimePassword');
    };
    expect(await newestMark('waiver.approved')).toBe(true);
    expect(await newestMark('attestation.signed', 1)).toBe(true);
    for (const action of ['attestation.signed', 'waiver.requested', 'waiver.withdrawn'])
      expect([action, await newestMark(action)]).toEqual([action, undefined]);
  });

  it('are refused with a reason, by another person, and withdrawn by their requester or an Admin', async () => {
    const { id } = await ask('G13');
    for (const body of [{}, { reason: ' ' }, { reason: 1 }])
      expect((await post(`/governance/waivers/${id}/refuse`, body)).json()).toMatchObject({
        ...{ code: 'invalid-input', errors: [{ field: 'reason' }] },
      });
    const own = await post(`/governance/waivers/${id}/refuse`, { reason: 'No.' });
    expect([own.status, own.json()]).toMatchObject([409, { code: 'conflict' }]);
    const summary = await api.call('GET', '/governance/summary', { cookie: admin.cookie });
    expect(summary.json()).toMatchObject({ waiversWaiting: 2 });
    const withdrawn = await post(`/governance/waivers/${id}/withdraw`, null);
    expect([withdrawn.status, withdrawn.json()]).toMatchObject([200, { status: 'withdrawn' }]);
    expect((await post(`/governance/waivers/${id}/withdraw`, null)).status).toBe(409);

    const again = await ask('G13');
    const reviewer = await api.signIn(REVIEWER.email, OWN_PASSWORD);
    expect((await post(`/governance/waivers/${again.id}/withdraw`, null, reviewer)).status).toBe(403);
    const refused = await post(`/governance/waivers/${again.id}/refuse`, { reason: 'No tier.' }, reviewer);
    expect([refused.status, refused.json()]).toMatchObject([
      200,
      { status: 'refused', closedBy: REVIEWER.name, closedReason: 'No tier.' },
    ]);
    const theirs = await ask('G13', reviewer);
    expect((await post(`/governance/waivers/${theirs.id}/withdraw`, null)).status).toBe(200);
    for (const act of ['refuse', 'withdraw'])
      expect((await post(`/governance/waivers/${UNKNOWN}/${act}`, { reason: 'x' })).status).toBe(404);
  });
});
