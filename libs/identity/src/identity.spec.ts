import { Audit } from '@vw/audit';
import { Log } from '@vw/platform';
import { startRooms, type TestRooms } from '@vw/testing';
import { DataSource } from 'typeorm';
import { Identity } from './identity';
import { IdentityModule } from './identity.module';
import { SetupToken } from './setup-token';

const PASSWORD = 'a passphrase of some length';
const FIRST = {
  organizationName: 'Norrfjärd Bank',
  name: 'Åsa',
  email: 'Asa@norrfjard.example',
  password: PASSWORD,
};
const IP = '192.0.2.1';
const UUID = /^[0-9a-f-]{36}$/;

describe('identity', () => {
  let rooms: TestRooms;
  let identity: Identity;
  let superuser: DataSource;
  let orgId: string;

  const signIn = async (ip = IP, password = PASSWORD): Promise<string> =>
    (await identity.signIn(FIRST.email, password, ip)).token;
  const required = async (token: string) => {
    const user = await identity.authenticate(token);
    if (!user) throw new Error('nobody is signed in');
    return user;
  };
  const actions = async (): Promise<string[]> => {
    const rows = await superuser.query<{ action: string }[]>(
      'SELECT action FROM audit_event WHERE org_id = $1 ORDER BY seq',
      [orgId],
    );
    return rows.map((row) => row.action);
  };

  beforeAll(async () => {
    rooms = await startRooms([IdentityModule], { EGRESS_POLICY: 'private' });
    identity = rooms.app.get(Identity, { strict: false });
    superuser = await new DataSource({ type: 'postgres', url: rooms.test.adminUrl }).initialize();
  });

  afterAll(async () => {
    await superuser?.destroy();
    await rooms?.close();
  });

  it('asks for the token from the log where the set-up comes from elsewhere', async () => {
    expect(await identity.setupState(true)).toEqual({ required: true, tokenRequired: false });
    expect(await identity.setupState(false)).toEqual({ required: true, tokenRequired: true });
    const problem = { code: 'invalid-input', errors: [{ field: 'setupToken' }] };
    await expect(identity.setup(FIRST, false)).rejects.toMatchObject(problem);
    await expect(identity.setup({ ...FIRST, setupToken: 'guess' }, false)).rejects.toMatchObject(problem);
  });

  it('logs a set-up token that works', async () => {
    const logged: object[] = [];
    const log = Object.assign(Object.create(Log.prototype), {
      warn: (fields: object) => logged.push(fields),
    });
    const token = new SetupToken(rooms.database, log as Log);
    await token.onApplicationBootstrap();
    const [line] = logged as { setupToken: string }[];
    expect(token.matches(line?.setupToken)).toBe(true);
    expect(token.matches(undefined)).toBe(false);
  });

  it('sets up one organization, however many try at once', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 4 }, (_, i) =>
        identity.setup({ ...FIRST, email: i ? `${i}@x.example` : FIRST.email }, true),
      ),
    );
    const made = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(made).toHaveLength(1);
    for (const one of tries) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'setup-done' });
    }
    orgId = made[0]?.me.organization.id ?? '';
    expect(orgId).toMatch(UUID);
    await superuser.query('UPDATE user_account SET email = $1', [FIRST.email]);
    expect(await identity.setupState(false)).toEqual({ required: false, tokenRequired: false });
    await expect(identity.setup(FIRST, true)).rejects.toMatchObject({ code: 'setup-done' });
    expect(await actions()).toEqual(['organization.created', 'session.started']);
  });

  it('signs in whatever the case of the address, and answers who it is', async () => {
    const { me, token } = await identity.signIn('ASA@NORRFJARD.EXAMPLE', PASSWORD, IP);
    expect(me).toEqual({
      id: expect.stringMatching(UUID),
      name: 'Åsa',
      email: FIRST.email,
      role: 'admin',
      organization: { id: orgId, name: 'Norrfjärd Bank' },
      mustChangePassword: false,
    });
    expect(await identity.authenticate(token)).toMatchObject({
      orgId,
      userId: me.id,
      role: 'admin',
      organizationName: 'Norrfjärd Bank',
    });
    expect(await identity.authenticate(`${token}x`)).toBeNull();
  });

  it('keeps of a session token its hash only', async () => {
    const token = await signIn();
    const [row] = await superuser.query<{ text: string }[]>(
      `SELECT string_agg(s::text, '') AS text FROM session s`,
    );
    expect(row?.text).not.toContain(token);
    expect(row?.text).not.toContain(Buffer.from(token).toString('hex'));
  });

  it('ends a session after 8 hours without a request and after 24 hours in all', async () => {
    const token = await signIn();
    const { sessionId } = await required(token);
    const age = (column: string, span: string): Promise<unknown> =>
      superuser.query(`UPDATE session SET ${column} = now() - $2::interval WHERE id = $1`, [sessionId, span]);
    await age('last_seen_at', '7 hours 59 minutes');
    expect(await identity.authenticate(token)).not.toBeNull();
    const [seen] = await superuser.query<{ fresh: boolean }[]>(
      `SELECT last_seen_at > now() - interval '1 minute' AS fresh FROM session WHERE id = $1`,
      [sessionId],
    );
    expect(seen?.fresh).toBe(true);
    await age('last_seen_at', '8 hours');
    expect(await identity.authenticate(token)).toBeNull();
    await age('last_seen_at', '0');
    await age('created_at', '24 hours');
    expect(await identity.authenticate(token)).toBeNull();
  });

  it('tells how long a session lasts unused, which is no use of it', async () => {
    const user = await required(await signIn());
    const left = (): Promise<number> => identity.sessionLeftMs(user);
    const age = async (seen: string, created: string): Promise<void> => {
      const sql = `UPDATE session SET last_seen_at = now() - $2::interval, created_at = now() - $3::interval WHERE id = $1`;
      await superuser.query(sql, [user.sessionId, seen, created]);
    };
    const hour = 3_600_000;
    await age('3 hours', '10 hours');
    expect(Math.abs((await left()) - 5 * hour)).toBeLessThan(10_000);
    expect(Math.abs((await left()) - 5 * hour)).toBeLessThan(10_000);
    await age('0', '22 hours');
    expect(Math.abs((await left()) - 2 * hour)).toBeLessThan(10_000);
    await age('9 hours', '10 hours');
    expect(await left()).toBe(0);
    await age('0', '0');
    await superuser.query('UPDATE user_account SET active = false');
    expect(await left()).toBe(0);
    await superuser.query('UPDATE user_account SET active = true');
    await identity.signOut(user);
    expect(await left()).toBe(0);
  });

  it('turns away an account that was switched off, at once', async () => {
    const token = await signIn();
    await superuser.query('UPDATE user_account SET active = false');
    expect(await identity.authenticate(token)).toBeNull();
    await expect(signIn()).rejects.toMatchObject({ code: 'unauthenticated' });
    await superuser.query('UPDATE user_account SET active = true');
  });

  it('ends the session that signs out, and no other', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    await identity.signOut(await required(mine));
    expect(await identity.authenticate(mine)).toBeNull();
    expect(await identity.authenticate(other)).not.toBeNull();
  });

  it('changes a password with the current one only, and ends the other sessions', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const user = await required(mine);
    const newPassword = 'another passphrase of length';
    await expect(
      identity.changePassword(user, { currentPassword: 'wrong', newPassword }),
    ).rejects.toMatchObject({ code: 'invalid-input', errors: [{ field: 'currentPassword' }] });
    expect(await identity.authenticate(other)).not.toBeNull();
    await identity.changePassword(user, { currentPassword: PASSWORD, newPassword });
    expect(await identity.authenticate(mine)).not.toBeNull();
    expect(await identity.authenticate(other)).toBeNull();
    await expect(signIn('192.0.2.9')).rejects.toMatchObject({ code: 'unauthenticated' });
    await identity.changePassword(user, { currentPassword: newPassword, newPassword: PASSWORD });
    expect(await actions()).toContain('user.password-changed');
  });

  it('makes an account wait after five failures from one address, and only there, even with the right password', async () => {
    const ip = '192.0.2.66';
    for (let i = 0; i < 5; i += 1) {
      await expect(signIn(ip, 'wrong')).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    await expect(signIn(ip)).rejects.toMatchObject({ code: 'rate-limited', status: 429 });
    await expect(signIn('192.0.2.67')).resolves.toEqual(expect.any(String));
    await superuser.query(`UPDATE attempt_limit SET window_started_at = now() - interval '15 minutes'`);
    await expect(signIn(ip)).resolves.toEqual(expect.any(String));
  });

  it('lets one person sign in many times at once, but not guess many times at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => signIn('192.0.2.88')));
    const guesses = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => signIn('192.0.2.89', i === 11 ? PASSWORD : `wrong ${i}`)),
    );
    expect(guesses.filter((one) => one.status === 'fulfilled')).toEqual([]);
  });

  it('starts counting anew after a success', async () => {
    const ip = '192.0.2.77';
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 4; i += 1) {
        await expect(signIn(ip, 'wrong')).rejects.toMatchObject({ code: 'unauthenticated' });
      }
      await signIn(ip);
    }
  });

  it('counts attempts of many at once exactly, and keeps no address in plain text', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 15 }, () => identity.limitAttempts('connection-test spec', 10, 60)),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(10);
    const rows = await superuser.query<{ key: string }[]>('SELECT key FROM attempt_limit');
    for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/);
  });

  it('takes about as long for an unknown address as for a known one', async () => {
    const time = async (email: string, ip: string): Promise<number> => {
      const start = performance.now();
      await identity.signIn(email, 'wrong', ip).catch(() => undefined);
      return performance.now() - start;
    };
    const median = async (email: string): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 9; i += 1) times.push(await time(email, `198.51.100.${i}`));
      return times.sort((a, b) => a - b)[4] ?? 0;
    };
    const [known, unknown] = [await median(FIRST.email), await median('nobody@norrfjard.example')];
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(3);
  });

  it('adds an organization with a password shown once, and removes it with all it has', async () => {
    const input = { name: 'Second', email: 'second@x.example' };
    const made = await identity.createOrganization(input);
    expect(made).toEqual({
      organizationId: expect.any(String),
      email: input.email,
      password: expect.any(String),
    });
    await expect(identity.createOrganization({ ...input, email: 'SECOND@x.example' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { token, me } = await identity.signIn(input.email, made.password, IP);
    expect(me.organization).toEqual({ id: made.organizationId, name: 'Second' });
    await identity.deleteOrganization(made.organizationId);
    expect(await identity.authenticate(token)).toBeNull();
    for (const table of ['user_account', 'session', 'audit_event', 'audit_head']) {
      expect(
        await superuser.query(`SELECT 1 FROM ${table} WHERE org_id = $1`, [made.organizationId]),
      ).toEqual([]);
    }
    await expect(identity.deleteOrganization(made.organizationId)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('leaves a whole audit trail behind', async () => {
    expect(await rooms.app.get(Audit, { strict: false }).verify(orgId)).toMatchObject({ ok: true });
  });
});

describe('a second organization', () => {
  it('needs the egress policy to be chosen', async () => {
    const rooms = await startRooms([IdentityModule]);
    const identity = rooms.app.get(Identity, { strict: false });
    await identity.createOrganization({ name: 'First', email: 'first@x.example' });
    await expect(identity.createOrganization({ name: 'Second', email: 'second@x.example' })).rejects.toThrow(
      'EGRESS_POLICY',
    );
    await rooms.close();
  });
});
