import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CredentialVault, CredentialVaultModule } from '@vw/credential-vault';
import { Identity, IdentityModule } from '@vw/identity';
import { Secret } from '@vw/mlflow-client';
import { Env, PlatformModule } from '@vw/platform';
import { dumpDatabase } from '@vw/testing';
import pg from 'pg';
import { type HeldPostgres, holdPostgres } from '../../embedded/embedded-postgres.ts';
import { OWN_SETTINGS } from '../../launch/environment.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The first command builds what it runs. In milliseconds. */
const COMMAND_TIMEOUT_MS = 180_000;

interface Ended {
  code: number | null;
  lastLine: string;
  output: string;
  errors: string;
}

/** `npm run org -- …` as a person at a terminal types it. */
function org(dataDir: string, args: string[], set: Record<string, string> = {}): Promise<Ended> {
  const child = spawn('npm', ['run', 'org', '--', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...OWN_SETTINGS, EGRESS_POLICY: '', DATA_DIR: dataDir, ...set },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = { output: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (heard.output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (heard.errors += chunk.toString('utf8')));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) =>
      done({ code, lastLine: heard.output.trimEnd().split('\n').at(-1) ?? '', ...heard }),
    );
  });
}

/** Postgres ends after its last user; until then its folder is in use. */
async function untilStopped(dataDir: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (existsSync(join(dataDir, 'keeper.pid')) && Date.now() < deadline)
    await new Promise((done) => setTimeout(done, 50));
}

describe('npm run org', () => {
  let dataDir: string;
  let held: HeldPostgres;
  let app: INestApplicationContext;
  let owner: pg.Client;
  let first: { organizationId: string; email: string; password: string };

  const count = async (): Promise<number> =>
    Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM organization')).rows[0]?.n);

  beforeAll(async () => {
    dataDir = join(ROOT, '.data', `spec-org-${process.pid}`);
    mkdirSync(dataDir, { recursive: true });
    held = await holdPostgres(dataDir);
    owner = new pg.Client({ connectionString: held.address.ownerUrl });
    await owner.connect();
  });

  afterAll(async () => {
    await app?.close();
    await owner?.end();
    held?.release();
    await untilStopped(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(
    'creates an organization; the last line is JSON, and its Admin can sign in with it',
    async () => {
      const made = await org(dataDir, [
        'create',
        '--name',
        'Norrfjärd Bank',
        '--email',
        'asa@norrfjard.example',
      ]);
      expect([made.code, made.errors]).toEqual([0, '']);
      first = JSON.parse(made.lastLine);
      expect(first).toEqual({
        organizationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        email: 'asa@norrfjard.example',
        password: expect.stringMatching(/^\S{15,}$/),
      });
      const env = new Env({
        DATABASE_URL: held.address.appUrl,
        ENCRYPTION_KEYS: readFileSync(join(dataDir, 'encryption-keys'), 'utf8').trim(),
        LOG_LEVEL: 'error',
      });
      class SpecModule {}
      const imports = [PlatformModule.forRoot(env, 'spec'), IdentityModule, CredentialVaultModule];
      app = await NestFactory.createApplicationContext(
        { module: SpecModule, imports },
        { logger: ['error'] },
      );
      const { me } = await app
        .get(Identity, { strict: false })
        .signIn(first.email, first.password, '192.0.2.1');
      expect(me).toMatchObject({
        role: 'admin',
        organization: { id: first.organizationId, name: 'Norrfjärd Bank' },
      });
    },
    COMMAND_TIMEOUT_MS,
  );

  it(
    'refuses a second organization while nobody chose an EGRESS_POLICY, and says so',
    async () => {
      const refused = await org(dataDir, ['create', '--name', 'Second', '--email', 'second@x.example']);
      expect(refused.code).toBe(1);
      expect(refused.errors).toContain(
        'Set EGRESS_POLICY (private, public or list) before adding a second organization.',
      );
      expect(refused.output).not.toContain('{');
      expect(await count()).toBe(1);
    },
    COMMAND_TIMEOUT_MS,
  );

  it(
    'refuses what is no e-mail address, and one that somebody uses, whatever its case',
    async () => {
      const malformed = await org(dataDir, ['create', '--name', 'Second', '--email', 'second']);
      expect([malformed.code, malformed.errors.trim()]).toEqual([1, 'This is not an e-mail address.']);
      const args = ['create', '--name', 'Second', '--email', 'ASA@norrfjard.example'];
      const refused = await org(dataDir, args, { EGRESS_POLICY: 'public' });
      expect(refused.code).toBe(1);
      expect(refused.errors).toContain('Someone uses this e-mail address already.');
      expect(refused.errors).not.toMatch(/user_account|password|\n\s+at /);
      expect(refused.output).not.toContain('{');
      expect(await count()).toBe(1);
    },
    COMMAND_TIMEOUT_MS,
  );

  it(
    'deletes an organization with all its records and keys, and no other one',
    async () => {
      const args = ['create', '--name', 'Second Lender', '--email', 'second@x.example'];
      const made = await org(dataDir, args, { EGRESS_POLICY: 'public' });
      const second: typeof first = JSON.parse(made.lastLine);
      const { token } = await app
        .get(Identity, { strict: false })
        .signIn(second.email, second.password, '192.0.2.1');
      const vault = app.get(CredentialVault, { strict: false });
      for (const { organizationId } of [first, second])
        await vault.seal(organizationId, 'mlflow-token', 'http://127.0.0.1:1', new Secret('a token'));
      expect(await dumpDatabase(dataDir)).toContain(second.organizationId);

      const deleted = await org(dataDir, ['delete', '--id', second.organizationId]);
      expect([deleted.code, JSON.parse(deleted.lastLine)]).toEqual([0, { deleted: second.organizationId }]);
      const left = await dumpDatabase(dataDir);
      for (const trace of [second.organizationId, 'second@x.example', 'Second Lender'])
        expect(left).not.toContain(trace);
      expect(await app.get(Identity, { strict: false }).authenticate(token)).toBeNull();
      const kept = await vault.open(first.organizationId, 'mlflow-token', 'http://127.0.0.1:1');
      expect(kept.reveal()).toBe('a token');

      for (const id of [second.organizationId, 'nonsense']) {
        const again = await org(dataDir, ['delete', '--id', id]);
        expect([again.code, again.errors.trim(), again.output.includes('{')]).toEqual([
          1,
          'There is no organization with this id.',
          false,
        ]);
      }
    },
    COMMAND_TIMEOUT_MS,
  );

  it('keeps no table whose rows would outlive their organization', async () => {
    const { rows } = await owner.query(
      `WITH RECURSIVE gone (relation) AS (
         SELECT 'organization'::regclass::oid
         UNION SELECT k.conrelid FROM gone g JOIN pg_constraint k ON k.confrelid = g.relation AND k.confdeltype = 'c')
       SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
       WHERE a.attname = 'org_id' AND c.relnamespace = 'public'::regnamespace AND c.oid NOT IN (SELECT relation FROM gone)`,
    );
    expect(rows).toEqual([]);
  });

  it(
    'explains its use where something is missing, and exits with 2',
    async () => {
      const refused = await org(dataDir, ['create', '--name', 'No e-mail']);
      expect([refused.code, refused.output.includes('{')]).toEqual([2, false]);
      expect(refused.errors).toContain('org create --name NAME --email EMAIL');
    },
    COMMAND_TIMEOUT_MS,
  );
});
