import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Identity } from '@vw/identity';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

const INDEX = '<!doctype html><base href="/"><vw-root ngCspNonce="CSP_NONCE"></vw-root>';

const LONG = `export const text = '${'a'.repeat(2_000)}';`;

describe('the pages', () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'vw-web-'));
  let test: TestDatabase;
  let app: NestFastifyApplication;

  const get = async (url: string, headers: Record<string, string> = {}) => {
    const { statusCode, headers: answered, body } = await app.inject({ method: 'GET', url, headers });
    return { status: statusCode, body, header: (name: string) => String(answered[name] ?? '') };
  };

  beforeAll(async () => {
    mkdirSync(join(webRoot, 'media'));
    writeFileSync(join(webRoot, 'index.html'), INDEX);
    writeFileSync(join(webRoot, 'main-ABCD1234.js'), 'export {};');
    writeFileSync(join(webRoot, 'chunk-CVW23Xv_.js'), LONG);
    writeFileSync(join(webRoot, 'chunk-CVW23Xv_.js.br'), brotliCompressSync(LONG));
    writeFileSync(join(webRoot, 'favicon.svg'), '<svg/>');
    test = await createTestDatabase();
    app = await createApi(test.env({ WEB_ROOT: webRoot, PUBLIC_URL: 'https://vw.example' }));
  });

  afterAll(async () => {
    await app?.close();
    await test?.drop();
    rmSync(webRoot, { recursive: true });
  });

  it('answers the app for every page, each time with a nonce of its own', async () => {
    const nonces = new Set<string>();
    for (const url of ['/', '/integrations?tab=sync', '/model-inventory/versions/x.y']) {
      const page = await get(url);
      const nonce = /ngCspNonce="([\w-]{22})"/.exec(page.body)?.[1] ?? '';
      expect(page.status).toBe(200);
      expect(page.header('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(page.header('cache-control')).toBe('no-store');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('sends a built file in its compressed twin to whoever takes it, and for keeps', async () => {
    const answer = await app.inject({ url: '/chunk-CVW23Xv_.js', headers: { 'accept-encoding': 'br' } });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(brotliDecompressSync(answer.rawPayload).toString()).toBe(LONG);
    expect((await get('/chunk-CVW23Xv_.js')).body).toBe(LONG);
    expect((await get('/favicon.svg')).header('cache-control')).toBe('no-cache');
  });

  it('lets a page run our own scripts only, frame nothing and be framed by nobody', async () => {
    const page = await get('/');
    const policy = page.header('content-security-policy');
    for (const rule of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types angular angular#bundler',
    ]) {
      expect(policy.split('; ')).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(page.header('x-content-type-options')).toBe('nosniff');
    expect(page.header('strict-transport-security')).toMatch(/^max-age=\d+/);
    expect(page.header('referrer-policy')).toBe('no-referrer');
  });

  it('lets browsers keep files with a hashed name, and ask again for others', async () => {
    expect((await get('/main-ABCD1234.js')).header('cache-control')).toContain('immutable');
    expect((await get('/favicon.svg')).header('cache-control')).toBe('no-cache');
    expect((await get('/..%2f..%2fetc%2fpasswd')).body).not.toContain('root:');
  });

  it('answers nothing under /api and /health as a page', async () => {
    for (const url of ['/api', '/api/v1/nothing', '/api/v2/setup', '/health/nothing']) {
      const answer = await get(url);
      expect([url, answer.status, JSON.parse(answer.body).code]).toEqual([url, 404, 'not-found']);
      expect(answer.header('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it('keeps every answer of the API out of caches and out of frames', async () => {
    const answer = await get('/api/v1/setup');
    expect(answer.header('cache-control')).toBe('no-store');
    expect(answer.header('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  it('makes the session a cookie of this host and of https only where it is served by https', async () => {
    const made = await app
      .get(Identity, { strict: false })
      .createOrganization({ name: 'X', email: 'x@x.example' });
    const signedIn = await app.inject({
      method: 'POST',
      url: '/api/v1/auth/sign-in',
      headers: { origin: 'https://vw.example', host: 'localhost' },
      payload: { email: made.email, password: made.password },
    });
    expect(signedIn.statusCode).toBe(200);
    expect(String(signedIn.headers['set-cookie'])).toMatch(
      /^__Host-vw_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('gives the reader of the API document what it needs to work', async () => {
    const page = await get('/api/docs');
    expect(page.status).toBe(200);
    expect(page.header('content-security-policy')).not.toContain('trusted-types');
    for (const [, script] of page.body.matchAll(/<script src="([^"]+)"/g)) {
      const url = new URL(script ?? '', 'http://localhost/api/docs').pathname;
      expect([url, (await get(url)).status]).toEqual([url, 200]);
    }
    expect(page.body).not.toMatch(/<script>[^<]/);
  });
});
