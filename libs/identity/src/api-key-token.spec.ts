import { generateToken, hashToken, isToken } from './api-key-token';

describe('the token of an API key', () => {
  it('is vw_ and 49 characters that one double click selects, never the same twice', () => {
    const tokens = Array.from({ length: 200 }, generateToken);
    for (const token of tokens) {
      expect(token).toMatch(/^vw_[0-9A-Za-z]{49}$/);
      expect(isToken(token)).toBe(true);
    }
    expect(new Set(tokens).size).toBe(200);
  });

  it('is told from one with any character mistyped', () => {
    const token = generateToken();
    for (let i = 3; i < token.length; i += 1) {
      const wrong = token.slice(0, i) + (token[i] === 'x' ? 'y' : 'x') + token.slice(i + 1);
      expect([wrong, isToken(wrong)]).toEqual([wrong, false]);
    }
    for (const wrong of ['', 'vw_', token.slice(3), `${token}x`, ` ${token}`, `${token}\n`]) {
      expect(isToken(wrong)).toBe(false);
    }
  });

  it('has a checksum that others can recompute', () => {
    // zlib.crc32(b'0' * 43) == 2018072207, in base 62 of digits, capitals, small letters: 2CZclj.
    expect(isToken(`vw_${'0'.repeat(43)}2CZclj`)).toBe(true);
    expect(isToken(`vw_${'0'.repeat(43)}2CZclk`)).toBe(false);
  });

  it('is stored as 32 bytes that do not lead back', () => {
    const token = generateToken();
    expect(hashToken(token)).toHaveLength(32);
    expect(hashToken(token).toString('latin1')).not.toContain(token.slice(3, 10));
  });
});
