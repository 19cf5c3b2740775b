import { startRooms, type TestRooms } from '@vw/testing';
import { DataSource } from 'typeorm';
import { Identity } from './identity';
import { IdentityModule } from './identity.module';

const EMAIL = 'asa@norrfjard.example';
const UUID = /^[0-9a-f-]{36}$/;

interface Refusal {
  actor: object;
  subject: object;
  after: { reason: string; attempts: number };
}

async function eventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

describe('refused sign-ins', () => {
  let rooms: TestRooms;
  let identity: Identity;
  let superuser: DataSource;
  let orgId: string;
  let password: string;

  const signIn = (ip: string, given = password) => identity.signIn(EMAIL, given, ip);
  const refusals = async (): Promise<Refusal[]> => {
    const rows = await superuser.query<{ body: string }[]>(
      `SELECT body FROM audit_event WHERE action = 'session.refused' ORDER BY org_id, seq`,
    );
    return rows.map(({ body }) => JSON.parse(body) as Refusal);
  };

  beforeAll(async () => {
    rooms = await startRooms([IdentityModule]);
    identity = rooms.app.get(Identity, { strict: false });
    superuser = await new DataSource({ type: 'postgres', url: rooms.test.adminUrl }).initialize();
    const made = await identity.createOrganization({ name: 'Norrfjärd Bank', email: EMAIL });
    [orgId, password] = [made.organizationId, made.password];
  });

  afterAll(async () => {
    await superuser?.destroy();
    await rooms?.close();
  });

  it('are told to the organization: each wrong password, the first attempt that has to wait, and no more', async () => {
    const ip = '192.0.2.70';
    const before = (await refusals()).length;
    for (let i = 0; i < 9; i += 1) await signIn(ip, `wrong ${i}`).catch(() => undefined);
    await expect(signIn(ip)).rejects.toMatchObject({ code: 'rate-limited' });
    await eventually(async () => {
      const told = (await refusals()).slice(before);
      expect(told.map(({ after }) => after).sort((a, b) => a.attempts - b.attempts)).toEqual([
        ...[1, 2, 3, 4, 5].map((attempts) => ({ reason: 'wrong-password', attempts })),
        { reason: 'rate-limited', attempts: 6 },
      ]);
      expect(told[0]).toMatchObject({
        actor: { id: null, via: 'session' },
        subject: { type: 'user', id: expect.stringMatching(UUID), name: null },
      });
      expect(JSON.stringify(told)).not.toMatch(/192\.0\.2|norrfjard\.example|wrong \d/);
    });
  });

  it('are told of an account that is off, and to nobody of an address that is unknown', async () => {
    const before = (await refusals()).length;
    await superuser.query('UPDATE user_account SET active = false');
    await expect(signIn('192.0.2.71')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(identity.signIn('nobody@x.example', password, '192.0.2.71')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await eventually(async () => {
      const told = (await refusals()).slice(before);
      expect(told.map(({ after }) => after)).toEqual([{ reason: 'account-off', attempts: 1 }]);
    });
    await superuser.query('UPDATE user_account SET active = true');
  });

  it('do not wait for the trail, which only a known account has', async () => {
    const before = (await refusals()).length;
    const holding = superuser.createQueryRunner();
    await holding.startTransaction();
    await holding.query('SELECT FROM audit_head WHERE org_id = $1 FOR UPDATE', [orgId]);
    await expect(signIn('192.0.2.72', 'wrong')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await refusals()).toHaveLength(before);
    await holding.commitTransaction();
    await holding.release();
    await eventually(async () => expect(await refusals()).toHaveLength(before + 1));
  });
});
