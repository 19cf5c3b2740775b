import { inspect } from 'node:util';
import { Audit, type Actor } from '@vw/audit';
import { Secret } from '@vw/mlflow-client';
import { Database } from '@vw/platform';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { DataSource } from 'typeorm';
import { CredentialVault } from './credential-vault';

const ORG = '00000000-0000-7000-8000-00000000000a';
const OTHER = '00000000-0000-7000-8000-00000000000b';
const SLOT = 'mlflow-password';
const ORIGIN = 'https://mlflow.example';
const OPERATOR: Actor = { id: null, name: null, via: 'command' };
const key = (kid: string, fill: number): string => `${kid}:${Buffer.alloc(32, fill).toString('base64')}`;

describe('the credential vault', () => {
  let test: TestDatabase;
  let source: DataSource;
  let superuser: DataSource;
  let database: Database;
  let vault: CredentialVault;

  const vaultWith = (...keys: string[]): CredentialVault =>
    new CredentialVault(database, test.env({ ENCRYPTION_KEYS: keys.join(',') }), new Audit(database));
  const unreadable = { code: 'credential-unreadable' };

  beforeAll(async () => {
    test = await createTestDatabase();
    source = await new DataSource({ type: 'postgres', url: test.url }).initialize();
    superuser = await new DataSource({ type: 'postgres', url: test.adminUrl }).initialize();
    database = new Database(source);
    vault = vaultWith(key('k1', 1));
    for (const id of [ORG, OTHER]) {
      await database.orgTransaction(id, (tx) =>
        tx.execute('INSERT INTO organization (id, name) VALUES ($1, $2)', [id, 'Spec']),
      );
    }
  });

  afterAll(async () => {
    await source?.destroy();
    await superuser?.destroy();
    await test?.drop();
  });

  it('opens what it sealed, replaces it, and forgets it', async () => {
    expect(await vault.has(ORG, SLOT)).toBe(false);
    await vault.seal(ORG, SLOT, ORIGIN, new Secret('first'));
    await vault.seal(ORG, SLOT, ORIGIN, new Secret('pässword 🔑'));
    expect(await vault.has(ORG, SLOT)).toBe(true);
    expect((await vault.open(ORG, SLOT, ORIGIN)).reveal()).toBe('pässword 🔑');
    await vault.destroy(ORG, SLOT);
    await vault.destroy(ORG, SLOT);
    expect(await vault.has(ORG, SLOT)).toBe(false);
    await expect(vault.open(ORG, SLOT, ORIGIN)).rejects.toMatchObject(unreadable);
  });

  it('opens a secret for its own organization, slot and origin only, moved by a database administrator too', async () => {
    await vault.seal(ORG, SLOT, ORIGIN, new Secret('s3cret'));
    await expect(vault.open(OTHER, SLOT, ORIGIN)).rejects.toMatchObject(unreadable);
    await expect(vault.open(ORG, SLOT, 'https://other.example')).rejects.toMatchObject(unreadable);
    await superuser.query(
      `INSERT INTO credential SELECT $1, slot, format, kid, origin, wrapped_key, sealed, updated_at FROM credential WHERE org_id = $2`,
      [OTHER, ORG],
    );
    await expect(vault.open(OTHER, SLOT, ORIGIN)).rejects.toMatchObject(unreadable);
    await superuser.query(
      `INSERT INTO credential SELECT org_id, 'mlflow-token', format, kid, origin, wrapped_key, sealed, updated_at FROM credential WHERE org_id = $1`,
      [ORG],
    );
    await expect(vault.open(ORG, 'mlflow-token', ORIGIN)).rejects.toMatchObject(unreadable);
    expect((await vault.open(ORG, SLOT, ORIGIN)).reveal()).toBe('s3cret');
  });

  it('seals with the first key and opens with any', async () => {
    await vault.seal(ORG, SLOT, ORIGIN, new Secret('old key'));
    const rotated = vaultWith(key('k2', 2), key('k1', 1));
    expect((await rotated.open(ORG, SLOT, ORIGIN)).reveal()).toBe('old key');
    await rotated.seal(ORG, SLOT, ORIGIN, new Secret('new key'));
    expect((await vaultWith(key('k2', 2)).open(ORG, SLOT, ORIGIN)).reveal()).toBe('new key');
    await expect(vault.open(ORG, SLOT, ORIGIN)).rejects.toMatchObject(unreadable);
    expect(await vault.has(ORG, SLOT)).toBe(true);
  });

  it('refuses to start with a known key id that has other bytes, and starts without a retired key', async () => {
    await vaultWith(key('k1', 1), key('k2', 2)).checkKeys();
    await vaultWith(key('k2', 2)).checkKeys();
    const wrong = vaultWith(key('k2', 2), key('k1', 9));
    await expect(wrong.onApplicationBootstrap()).rejects.toThrow('"k1" has other bytes');
    await expect(vaultWith(key('k3', 3)).checkKeys()).resolves.toBeUndefined();
  });

  it('moves secrets under the first key, once, and tells the trail', async () => {
    await vaultWith(key('k1', 1)).seal(ORG, SLOT, ORIGIN, new Secret('päss 🔑'));
    await vaultWith(key('k0', 9)).seal(ORG, 'mlflow-token', ORIGIN, new Secret('lost'));
    const rotated = vaultWith(key('k2', 2), key('k1', 1));
    expect(await rotated.examine(ORG)).toEqual([
      { slot: SLOT, kid: 'k1', state: 'readable' },
      { slot: 'mlflow-token', kid: 'k0', state: 'key-missing' },
    ]);
    expect(await rotated.reseal(ORG, OPERATOR)).toEqual({ resealed: 1, unreadable: 1 });
    const rows = () => superuser.query('SELECT * FROM credential WHERE org_id = $1 ORDER BY slot', [ORG]);
    const [after, trail] = [await rows(), await new Audit(database).verify(ORG)];
    expect(await rotated.reseal(ORG, OPERATOR)).toEqual({ resealed: 0, unreadable: 1 });
    expect([await rows(), await new Audit(database).verify(ORG)]).toEqual([after, trail]);
    expect((await vaultWith(key('k2', 2)).open(ORG, SLOT, ORIGIN)).reveal()).toBe('päss 🔑');
    const [told] = await superuser.query<{ body: string }[]>(
      `SELECT body FROM audit_event WHERE org_id = $1 AND action = 'credential.resealed'`,
      [ORG],
    );
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      before: { kids: ['k1'] },
      after: { kid: 'k2', slots: [SLOT] },
    });
    expect(told?.body).not.toContain('päss');
    await vaultWith(key('k0', 9)).destroy(ORG, 'mlflow-token');
  });

  it('tells a secret that its key does not open from one whose key is missing', async () => {
    await vault.seal(ORG, 'mlflow-token', ORIGIN, new Secret('flipped'));
    await superuser.query(
      `UPDATE credential SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE slot = 'mlflow-token'`,
    );
    expect(await vault.examine(ORG)).toContainEqual({ slot: 'mlflow-token', kid: 'k1', state: 'unreadable' });
    expect(await vaultWith(key('k2', 2), key('k1', 1)).reseal(ORG, OPERATOR)).toMatchObject({
      unreadable: 1,
    });
    await vault.destroy(ORG, 'mlflow-token');
  });

  it('keeps the plain text out of the database, of messages and of prints', async () => {
    await vault.seal(ORG, SLOT, ORIGIN, new Secret('canary-4711'));
    const [dump] = await superuser.query<{ text: string }[]>(
      `SELECT string_agg(c::text || encode(sealed, 'escape') || encode(wrapped_key, 'escape'), '') AS text FROM credential c`,
    );
    expect(dump?.text).not.toContain('canary-4711');
    const error: unknown = await vault
      .open(ORG, SLOT, 'https://x.example')
      .catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: 9 })).not.toContain('canary-4711');
    const secret = await vault.open(ORG, SLOT, ORIGIN);
    expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain('canary-4711');
  });

  it('deletes the secrets together with their organization', async () => {
    await vault.seal(OTHER, 'mlflow-token', ORIGIN, new Secret('gone'));
    await superuser.query('DELETE FROM organization WHERE id = $1', [OTHER]);
    const rows = await superuser.query('SELECT 1 FROM credential WHERE org_id = $1', [OTHER]);
    expect(rows).toEqual([]);
  });
});
