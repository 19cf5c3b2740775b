import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const STRANGER = {
  organizationName: 'X',
  name: 'X',
  email: 'x@x.example',
  password: 'a passphrase of some length',
};

describe('the first set-up', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;

  const tokenRequired = async (
    remoteAddress: string,
    headers: Record<string, string> = { host: 'localhost:3000' },
  ): Promise<unknown> => {
    const answer = await app.inject({ method: 'GET', url: '/api/v1/setup', remoteAddress, headers });
    return answer.json().tokenRequired;
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    app = await createApi(test.env());
  });

  afterAll(async () => {
    await app?.close();
    await test?.drop();
  });

  it('needs no token on this machine', async () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      expect([address, await tokenRequired(address)]).toEqual([address, false]);
    }
    expect(await tokenRequired('::1', { host: '[::1]:3000' })).toBe(false);
  });

  it('needs the token from elsewhere', async () => {
    for (const address of ['192.0.2.1', '172.17.0.1', '2001:db8::1', '::ffff:10.0.0.1']) {
      expect([address, await tokenRequired(address)]).toEqual([address, true]);
    }
  });

  it('needs the token behind a proxy on this machine, and under a name that was pointed at it', async () => {
    expect(await tokenRequired('127.0.0.1', { host: 'localhost', 'x-forwarded-for': '127.0.0.1' })).toBe(
      true,
    );
    expect(await tokenRequired('127.0.0.1', { host: 'vw.example.com' })).toBe(true);
    expect(await tokenRequired('127.0.0.1', { host: '127.0.0.1.evil.example' })).toBe(true);
  });

  it('needs the token where people reach it by another name, whatever a proxy on this machine leaves out', async () => {
    for (const [publicUrl, required] of [
      ['https://vw.example', true],
      ['http://192.0.2.1:3000', true],
      ['http://127.0.0.1:3000', false],
      ['http://[::1]:3000', false],
    ] as const) {
      const served = await createApi(test.env({ PUBLIC_URL: publicUrl }));
      try {
        // As nginx does by itself: its own address for the other end, ours for the host, and no header of its own.
        const request = { remoteAddress: '127.0.0.1', headers: { host: '127.0.0.1:3000', ...SAME_ORIGIN } };
        const asked = await served.inject({ method: 'GET', url: '/api/v1/setup', ...request });
        expect([publicUrl, asked.json().tokenRequired]).toEqual([publicUrl, required]);
        if (!required) continue;
        const tried = await served.inject({
          ...{ method: 'POST', url: '/api/v1/setup', payload: STRANGER },
          ...request,
        });
        expect([tried.statusCode, tried.json().errors[0].field]).toEqual([422, 'setupToken']);
      } finally {
        await served.close();
      }
    }
  });

  it('refuses a wrong token from elsewhere', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/setup',
      remoteAddress: '192.0.2.1',
      headers: SAME_ORIGIN,
      payload: { ...STRANGER, setupToken: 'guess' },
    });
    expect([answer.statusCode, answer.json().errors[0].field]).toEqual([422, 'setupToken']);
  });
});
