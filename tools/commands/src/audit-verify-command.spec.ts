import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Audit, AuditModule, CSV, JSON_LINES } from '@vw/audit';
import { Identity, IdentityModule } from '@vw/identity';
import { startRooms, type TestRooms } from '@vw/testing';
import { auditVerifyCommand } from './audit-verify-command';

describe('audit:verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vw-verify-'));
  let rooms: TestRooms;
  let env: NodeJS.ProcessEnv;
  let ids: string[];

  const runIn = async (
    where: NodeJS.ProcessEnv,
    ...args: string[]
  ): Promise<{ code: number; lines: string[] }> => {
    const lines: string[] = [];
    const code = await auditVerifyCommand(args, 'Usage', { env: where, say: (line) => lines.push(line) });
    return { code, lines };
  };
  const run = (...args: string[]) => runIn(env, ...args);
  const save = async (name: string): Promise<void> => {
    const format = name.endsWith('csv') ? CSV : JSON_LINES;
    const pieces = rooms.app
      .get(Audit, { strict: false })
      .export(ids[0] ?? '', {}, { format, namesOf: async () => new Map() });
    writeFileSync(join(folder, name), (await Readable.from(pieces).toArray()).join(''));
  };

  beforeAll(async () => {
    rooms = await startRooms([AuditModule, IdentityModule], { EGRESS_POLICY: 'private' });
    const identity = rooms.app.get(Identity, { strict: false });
    for (const email of ['a@x.example', 'b@x.example']) {
      const { password } = await identity.createOrganization({ name: email, email });
      await identity.signIn(email, password, '192.0.2.1');
    }
    ids = await identity.organizationIds();
    env = {
      DATABASE_URL: rooms.test.url,
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      INIT_CWD: folder,
    };
  });

  afterAll(async () => {
    await rooms?.close();
    rmSync(folder, { recursive: true });
  });

  it('tells of every trail of the database, or of one', async () => {
    const whole = ids.map((id) => `whole   ${id} 2 events`);
    expect(whole).toHaveLength(2);
    expect(await run()).toEqual({ code: 0, lines: whole });
    expect(await run('--org', (ids[1] ?? '').toUpperCase())).toEqual({ code: 0, lines: [whole[1]] });
  });

  it('proves an exported file without a database', async () => {
    for (const name of ['trail.jsonl', 'trail.csv']) {
      await save(name);
      const { code, lines } = await runIn({ INIT_CWD: folder }, name);
      expect([code, lines]).toEqual([
        0,
        [expect.stringMatching(`^whole   ${ids[0]} 2 events, head [0-9a-f]{64}$`)],
      ]);
    }
  });

  it('names the first broken event and ends with 1, while others are whole', async () => {
    await rooms.test.asSuperuser(`UPDATE audit_event SET body = body || ' ' WHERE org_id = $1 AND seq = 2`, [
      ids[0],
    ]);
    const broken = `BROKEN  ${ids[0]} at event 2: changed, moved or lost; later events cannot be trusted`;
    expect(await run()).toEqual({ code: 1, lines: [broken, `whole   ${ids[1]} 2 events`] });
    expect((await run('--org', ids[1] ?? '')).code).toBe(0);
    for (const name of ['trail.jsonl', 'trail.csv']) {
      await save(name);
      expect(await run(name)).toEqual({ code: 1, lines: [broken] });
    }
  });

  it('fails for an organization or a file that is not there', async () => {
    await expect(run('--org', '018f0000-0000-7000-8000-000000000000')).rejects.toThrow('no organization');
    await expect(run('nowhere.jsonl')).rejects.toThrow('ENOENT');
    await expect(run(join(folder))).rejects.toThrow();
  });

  it('shows its usage for anything else', async () => {
    for (const args of [['a', 'b'], ['a', '--org', 'b'], ['--all'], ['--org']]) {
      expect(await run(...args)).toEqual({ code: 2, lines: ['Usage'] });
    }
  });
});
