import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem, type Env } from '@vw/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.filter';

/** Nothing is loaded from anywhere else, no text becomes script or markup, and nobody frames us. */
const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'nonce-NONCE'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types angular angular#bundler',
].join('; ');

/** The reader of the OpenAPI document brings its own inline styles. */
const DOCS_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const API_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Hashed file names change with their content. */
const HASHED = /-[\w-]{8}\.(?:js|css|woff2)(?:\.br|\.gz)?$/;

/** What the build makes and the browser asks for by name; every other path is a page. */
const FILE = /\.(?:js|css|svg|woff2|ico|txt)$/;

/** Serves the built web: files as they are, every other page as index.html with a nonce of its own. */
export async function serveWeb(app: NestFastifyApplication, env: Env): Promise<void> {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply) =>
    addPolicies(request, reply),
  );
  const root = resolve(env.webRoot);
  const index = join(root, 'index.html');
  await app.register(fastifyStatic, { root, serve: false, preCompressed: true, setHeaders: cacheHeaders });
  // Read anew each time: a build under a running server must not leave pages that ask for files of the last one.
  fastify.get('/*', (request, reply) => {
    const path = decodedPath(request);
    if (path === null || !existsSync(index) || /^\/(api|health)(\/|$)/.test(path))
      return sendProblem(reply, new Problem('not-found'), request.id);
    if (FILE.test(path)) return reply.sendFile(path.slice(1));
    const nonce = randomBytes(16).toString('base64url');
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY.replace('NONCE', nonce))
      .header('cache-control', 'no-store')
      .send(readFileSync(index, 'utf8').replaceAll('CSP_NONCE', nonce));
  });
}

/** Null for what is no URL. */
function decodedPath({ url }: FastifyRequest): string | null {
  try {
    return decodeURIComponent(new URL(url, 'http://page').pathname);
  } catch {
    // A percent sign that encodes nothing.
    return null;
  }
}

function addPolicies(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.hasHeader('content-security-policy')) return;
  const docs = request.url.startsWith('/api/docs');
  void reply.header('content-security-policy', docs ? DOCS_POLICY : API_POLICY);
  if (request.url.startsWith('/api/v1/')) void reply.header('cache-control', 'no-store');
}

function cacheHeaders(reply: FastifyReply, path: string): void {
  void reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
}
