import 'reflect-metadata';
import { Identity, Users } from '@vw/identity';
import type {
  AuditEventPage,
  InvitedUser,
  Me,
  ChangedUser,
  UserAccount,
  UserPage,
} from '@vw/shared-contracts';
import { startTestApi, type TestApi } from './test-api';

const UNKNOWN = '018f0000-0000-7000-8000-000000000000';
const UUID = /^[0-9a-f-]{36}$/;

describe('the people of an organization', () => {
  let api: TestApi;
  let admin: string;
  let adminId: string;
  let adminPassword: string;
  let orgId: string;
  let stranger: { id: string; cookie: string };

  const join = async (email: string) => {
    const identity = api.app.get(Identity, { strict: false });
    const { password } = await identity.createOrganization({ name: email, email });
    const cookie = await api.signIn(email, password);
    const me = (await api.call('GET', '/auth/me', { cookie })).json<Me>();
    return { cookie, password, id: me.id, orgId: me.organization.id };
  };
  const invite = async (name: string, role: string): Promise<InvitedUser> => {
    const body = { name, email: `${name}@x.example`, role };
    return (await api.call('POST', '/users', { cookie: admin, body })).json<InvitedUser>();
  };
  const change = (id: string, body: object, cookie = admin) =>
    api.call('PATCH', `/users/${id}`, { cookie, body });
  const events = async (action: string) =>
    (await api.call('GET', `/audit/events?action=${action}`, { cookie: admin })).json<AuditEventPage>();

  beforeAll(async () => {
    api = await startTestApi({ EGRESS_POLICY: 'private' });
    ({ cookie: admin, id: adminId, password: adminPassword, orgId } = await join('admin@x.example'));
    stranger = await join('stranger@y.example');
  });

  afterAll(() => api?.close());

  it('grow by invitation: a password shown once opens the account', async () => {
    const body = { name: 'José Muñoz', email: 'Jose@x.example', role: 'reviewer' };
    const answer = await api.call('POST', '/users', { cookie: admin, body });
    expect(answer.status).toBe(201);
    const { oneTimePassword, ...user } = answer.json<InvitedUser>();
    expect(user).toEqual({
      ...body,
      id: expect.stringMatching(UUID),
      active: true,
      createdAt: expect.any(String),
    });
    expect(oneTimePassword.length).toBeGreaterThan(15);
    const listed = (await api.call('GET', '/users', { cookie: admin })).json<UserPage>();
    expect(listed).toEqual({
      items: [expect.objectContaining({ name: 'Admin' }), user],
      nextCursor: null,
      total: 2,
    });
    const cookie = await api.signIn(body.email, oneTimePassword);
    expect((await api.call('GET', '/auth/me', { cookie })).json()).toMatchObject({
      id: user.id,
      role: 'reviewer',
    });
    const trail = await events('user.invited');
    expect(trail.items).toMatchObject([
      {
        actor: { id: adminId, name: 'Admin' },
        subject: { id: user.id, name: 'José Muñoz' },
        after: { role: 'reviewer' },
      },
    ]);
    expect(JSON.stringify(trail)).not.toContain(oneTimePassword);
  });

  it('are asked for a password of their own while theirs is a one-time password, and refused nothing', async () => {
    const user = await invite('newcomer', 'reviewer');
    const asked = async (cookie: string): Promise<boolean> =>
      (await api.call('GET', '/auth/me', { cookie })).json<Me>().mustChangePassword;
    const signedIn = await api.call('POST', '/auth/sign-in', {
      body: { email: user.email, password: user.oneTimePassword },
    });
    expect(signedIn.json()).toMatchObject({ id: user.id, mustChangePassword: true });
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
    const other = await api.signIn(user.email, user.oneTimePassword);
    expect(await asked(cookie)).toBe(true);
    expect((await api.call('GET', '/governance/summary', { cookie })).status).toBe(200);

    const choose = (newPassword: string) =>
      api.call('POST', '/auth/password', {
        cookie,
        body: { currentPassword: user.oneTimePassword, newPassword },
      });
    expect((await choose(user.oneTimePassword)).json()).toMatchObject({
      code: 'invalid-input',
      errors: [{ field: 'newPassword' }],
    });
    expect((await choose('a sentence of their own')).status).toBe(204);
    expect(await asked(cookie)).toBe(false);
    expect((await api.call('GET', '/auth/me', { cookie: other })).status).toBe(401);

    const again = await api.signIn(user.email, 'a sentence of their own');
    expect(await asked(again)).toBe(false);
    const starts = (await events('session.started')).items.filter(({ subject }) => subject.id === user.id);
    expect(starts.map(({ after }) => after)).toEqual([
      null,
      { oneTimePassword: true },
      { oneTimePassword: true },
    ]);
    await change(user.id, { resetPassword: true });
    const { oneTimePassword } = (await change(user.id, { resetPassword: true })).json<ChangedUser>();
    expect(await asked(await api.signIn(user.email, oneTimePassword ?? ''))).toBe(true);
  });

  it('have an e-mail address that nobody in any organization has', async () => {
    for (const email of ['ADMIN@x.example', 'Stranger@Y.example']) {
      const answer = await api.call('POST', '/users', {
        cookie: admin,
        body: { name: 'N', email, role: 'viewer' },
      });
      expect([email, answer.status, answer.json()]).toMatchObject([email, 409, { code: 'conflict' }]);
    }
  });

  it('are invited with a name, an address and a known role only', async () => {
    const right = { name: 'N', email: 'n@x.example', role: 'viewer' };
    for (const [field, value] of [
      ['name', ''],
      ['name', '  '],
      ['name', 'a\u0000b'],
      ['name', null],
      ['email', 'nobody'],
      ['role', 'owner'],
      ['password', 'a password of my own choice'],
    ] as const) {
      const answer = await api.call('POST', '/users', { cookie: admin, body: { ...right, [field]: value } });
      expect([field, answer.status, answer.json()]).toMatchObject([field, 422, { errors: [{ field }] }]);
    }
    for (const body of [
      { name: null },
      { role: null },
      { active: null },
      { active: 'no' },
      { resetPassword: false },
      { email: 'x@x.example' },
    ]) {
      expect([body, (await change(adminId, body)).status]).toEqual([body, 422]);
    }
  });

  it('lose their sessions with another role, and keep them with another name', async () => {
    const user = await invite('role', 'viewer');
    const cookie = await api.signIn(user.email, user.oneTimePassword);
    const renamed = await change(user.id, { name: 'Björn Ek' });
    expect([renamed.status, renamed.json<UserAccount>().name]).toEqual([200, 'Björn Ek']);
    expect((await change(user.id, { role: 'viewer', active: true })).status).toBe(200);
    expect((await api.call('GET', '/auth/me', { cookie })).status).toBe(200);
    expect((await change(user.id, { role: 'auditor' })).json<UserAccount>().role).toBe('auditor');
    expect((await api.call('GET', '/auth/me', { cookie })).status).toBe(401);
    const trail = (await events('user.changed')).items.filter((event) => event.subject.id === user.id);
    expect(trail.map(({ before, after }) => ({ before, after }))).toEqual([
      {
        before: { role: 'viewer', active: true },
        after: { role: 'auditor', active: true, sessionsEnded: 1 },
      },
      {
        before: { role: 'viewer', active: true },
        after: { role: 'viewer', active: true, sessionsEnded: 0, name: 'replaced' },
      },
    ]);
  });

  it('get a password shown once when an Admin resets theirs, and lose the old one with their sessions', async () => {
    const user = await invite('forgetful', 'viewer');
    const cookie = await api.signIn(user.email, user.oneTimePassword);
    const { oneTimePassword } = (await change(user.id, { resetPassword: true })).json<ChangedUser>();
    expect((await api.call('GET', '/auth/me', { cookie })).status).toBe(401);
    await expect(api.signIn(user.email, user.oneTimePassword)).rejects.toThrow('cannot sign in');
    await expect(api.signIn(user.email, oneTimePassword ?? '')).resolves.toContain('vw_session');
    const [event] = (await events('user.changed')).items;
    expect(event).toMatchObject({
      subject: { id: user.id },
      after: { password: 'replaced', sessionsEnded: 1 },
    });
    expect(JSON.stringify(event)).not.toContain(oneTimePassword);
    expect((await change(user.id, { name: 'F' })).json<ChangedUser>().oneTimePassword).toBeNull();
  });

  it('are turned away while switched off, and let in again after', async () => {
    const user = await invite('leaver', 'reviewer');
    const cookie = await api.signIn(user.email, user.oneTimePassword);
    expect((await change(user.id, { active: false })).json<UserAccount>().active).toBe(false);
    expect((await api.call('GET', '/auth/me', { cookie })).status).toBe(401);
    await expect(api.signIn(user.email, user.oneTimePassword)).rejects.toThrow('cannot sign in');
    await change(user.id, { active: true });
    expect((await api.call('GET', '/auth/me', { cookie })).status).toBe(401);
    await expect(api.signIn(user.email, user.oneTimePassword)).resolves.toContain('vw_session');
  });

  it('always have one active Admin, even when two demote each other at once', async () => {
    for (const body of [{ role: 'viewer' }, { active: false }]) {
      expect((await change(adminId, body)).json()).toMatchObject({ code: 'conflict', status: 409 });
    }
    const second = await invite('second', 'admin');
    await change(second.id, { active: false });
    expect((await change(adminId, { role: 'viewer' })).status).toBe(409);
    await change(second.id, { active: true });
    // Below the door: there, the session of whoever comes second may have ended before the question is asked.
    const users = api.app.get(Users, { strict: false });
    const by = { id: null, name: null, via: 'command' } as const;
    for (let round = 0; round < 5; round += 1) {
      const both = [adminId, second.id];
      const demoted = await Promise.allSettled(
        both.map((id) => users.change(orgId, { id, role: 'viewer' }, by)),
      );
      expect(demoted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(demoted.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'conflict' },
      });
      for (const id of both) await users.change(orgId, { id, role: 'admin' }, by);
    }
    admin = await api.signIn('admin@x.example', adminPassword);
  });

  it('are unknown to another organization', async () => {
    for (const id of [stranger.id, UNKNOWN, 'nonsense']) {
      const answer = await change(id, { role: 'viewer' });
      expect([id, answer.status, answer.json()]).toMatchObject([id, 404, { code: 'not-found' }]);
    }
    expect((await api.call('GET', '/auth/me', { cookie: stranger.cookie })).json()).toMatchObject({
      role: 'admin',
    });
  });

  it('are listed by name, page by page, each once', async () => {
    const all = (await api.call('GET', '/users', { cookie: admin })).json<UserPage>();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/users?limit=2${cursor && `&cursor=${cursor}`}`;
      const page: UserPage = (await api.call('GET', path, { cookie: admin })).json<UserPage>();
      expect(page.total).toBe(cursor ? null : all.total);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all.items.map(({ id }) => id));
    expect(new Set(seen).size).toBe(all.total);
    expect(all.items.map(({ name }) => name)).toContain('José Muñoz');
  });
});
