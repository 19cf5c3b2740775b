import { Env } from './env';

const env = (trusted?: string): Env =>
  new Env({
    DATABASE_URL: 'postgres://localhost/x',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    ...(trusted === undefined ? {} : { TRUSTED_PROXIES: trusted }),
  });

describe('the proxies that are trusted', () => {
  it('are none where the variable is not set', () => {
    expect(env().trustedProxies).toEqual([]);
    expect(env(' ').trustedProxies).toEqual([]);
  });

  it('are addresses and networks, by commas or blanks', () => {
    expect(env('127.0.0.1, ::1 10.0.0.0/8,fd00::/8').trustedProxies).toEqual([
      ...['127.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8'],
    ]);
  });

  it.each(['proxy.example', '10.0.0', '10.0.0.0/33', '10.0.0.0/', '0.0.0.0/0', '::/129', 'loopback', 'true'])(
    'stop the start where one is written as %s',
    (wrong) => {
      expect(() => env(`127.0.0.1, ${wrong}`)).toThrow(
        `TRUSTED_PROXIES: "${wrong}" is no address or CIDR network.`,
      );
    },
  );
});
