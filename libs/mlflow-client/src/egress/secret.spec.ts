import { format, inspect } from 'node:util';
import { Secret } from './secret';

describe('Secret', () => {
  it('prints as a mask in every way, and reveals its value on request', () => {
    const secret = new Secret('canary-1');
    const printed = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      format('%s %o %j', secret, secret, secret),
    ];
    expect(printed.join()).not.toContain('canary-1');
    expect(String(secret)).toBe('[secret]');
    expect(Object.keys(secret)).toEqual([]);
    expect(secret.reveal()).toBe('canary-1');
  });
});
