import { generatePassword, hashPassword, verifyPassword } from './passwords';

describe('passwords', () => {
  it('hashes with argon2id at the cost that OWASP names, under a salt of its own', async () => {
    const [first, second] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
  });

  it('accepts the right password only, in any composition of its letters', async () => {
    const hash = await hashPassword('Åsa åker båt hem i kväll');
    expect(await verifyPassword('Åsa åker båt hem i kväll'.normalize('NFD'), hash)).toBe(true);
    expect(await verifyPassword('Asa aker bat hem i kvall', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('verifies a hash of another cost by the cost that it names', async () => {
    const cheap = (await hashPassword('x')).replace('m=19456', 'm=64');
    expect(await verifyPassword('x', cheap)).toBe(false);
    await expect(verifyPassword('x', '$2b$12$bcrypt')).rejects.toThrow('unknown format');
  });

  it('generates passwords that are long enough and never the same', () => {
    const made = new Set(Array.from({ length: 100 }, generatePassword));
    expect(made.size).toBe(100);
    for (const password of made) expect(password).toMatch(/^[a-km-np-z2-9]{24}$/);
  });
});
