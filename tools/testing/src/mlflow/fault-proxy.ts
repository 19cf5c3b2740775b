import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** A request as the proxy received it. */
export interface RecordedRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  headers: IncomingMessage['headers'];
  /** Header names and values in turn, in the spelling and order that were sent. */
  rawHeaders: string[];
  body: string;
}

/** What happens to a request instead of being passed on. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  /** Status 200 with a login page. */
  | { kind: 'html' }
  | { kind: 'redirect'; location: string }
  /** The real answer's length, half of its body, and a closed connection. */
  | { kind: 'cut' }
  /** The real answer's text, changed; sent as 200 JSON. */
  | { kind: 'rewrite'; rewrite: (body: string) => string }
  /** A 200 whose JSON never ends: one byte at a time. */
  | { kind: 'drip'; everyMs: number }
  /** Passed on, late. */
  | { kind: 'delay'; ms: number }
  /** JSON of this many bytes, in a gzip about a thousand times smaller. */
  | { kind: 'gzip-bomb'; bytes: number }
  /** A 200 that announces and sends this many bytes, uncompressed. */
  | { kind: 'flood'; bytes: number }
  /** A 500 whose body repeats the request's headers. */
  | { kind: 'echo' }
  /** The connection is closed without an answer. */
  | { kind: 'reset' };

export interface FaultRule {
  /** Which requests; a string is part of the URL. */
  match: string | ((request: RecordedRequest) => boolean);
  fault: Fault;
  /** How often it applies; default always. */
  times?: number;
}

export interface FaultProxy {
  url: string;
  /** All requests so far, oldest first. */
  requests: RecordedRequest[];
  /** The newest rule that matches wins; requests without one are passed on. */
  on(rule: FaultRule): void;
  /** Forgets rules and requests. */
  reset(): void;
  stop(): Promise<void>;
}

/** What a server on TLS shows and proves, in PEM. */
export interface ServerCertificate {
  cert: string;
  key: string;
}

/** A real HTTP proxy before a real server: passes on every request that no rule breaks. With a certificate it is asked by https. */
export async function startFaultProxy(targetUrl: string, tls?: ServerCertificate): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  let rules: (FaultRule & { left: number })[] = [];
  const requests: RecordedRequest[] = [];

  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.on('error', () => undefined);
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const recorded = {
      method: incoming.method ?? 'GET',
      url: incoming.url ?? '/',
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: (await readAll(incoming)).toString('utf8'),
    };
    requests.push(recorded);
    const rule = rules.find((candidate) => candidate.left > 0 && matches(candidate, recorded));
    if (rule === undefined) return passOn(target, recorded, outgoing);
    rule.left -= 1;
    await applyFault(rule.fault, { target, recorded, outgoing });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    requests,
    on: (rule) => {
      rules = [{ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }, ...rules];
    },
    reset: () => {
      rules = [];
      requests.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  target: URL;
  recorded: RecordedRequest;
  outgoing: ServerResponse;
}

async function applyFault(fault: Fault, exchange: Exchange): Promise<void> {
  const { target, recorded, outgoing } = exchange;
  switch (fault.kind) {
    case 'status':
      return send(
        outgoing,
        fault.status,
        { 'content-type': 'text/html', ...fault.headers },
        fault.body ?? '',
      );
    case 'html':
      return send(outgoing, 200, { 'content-type': 'text/html; charset=utf-8' }, '<html>Sign in</html>');
    case 'redirect':
      return send(outgoing, 302, { location: fault.location, 'content-type': 'text/html' }, '');
    case 'echo':
      return send(outgoing, 500, { 'content-type': 'text/plain' }, JSON.stringify(recorded.headers));
    case 'reset':
      outgoing.socket?.destroy();
      return;
    case 'delay':
      await sleep(fault.ms);
      return passOn(target, recorded, outgoing);
    case 'cut': {
      const { body, contentType } = await forward(target, recorded);
      outgoing.writeHead(200, { 'content-type': contentType, 'content-length': body.length });
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroy());
      return;
    }
    case 'rewrite': {
      const { body } = await forward(target, recorded);
      return send(
        outgoing,
        200,
        { 'content-type': 'application/json' },
        fault.rewrite(body.toString('utf8')),
      );
    }
    case 'drip':
      return drip(outgoing, fault.everyMs);
    case 'gzip-bomb': {
      const bomb = gzipSync(`{"registered_models": [], "padding": "${' '.repeat(fault.bytes)}"}`);
      return send(outgoing, 200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }, bomb);
    }
    case 'flood':
      return flood(outgoing, fault.bytes);
  }
}

function matches(rule: FaultRule, request: RecordedRequest): boolean {
  return typeof rule.match === 'string' ? request.url.includes(rule.match) : rule.match(request);
}

async function passOn(target: URL, recorded: RecordedRequest, outgoing: ServerResponse): Promise<void> {
  const { status, contentType, body } = await forward(target, recorded);
  send(outgoing, status, { 'content-type': contentType }, body);
}

function forward(
  target: URL,
  recorded: RecordedRequest,
): Promise<{ status: number; contentType: string; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { ...recorded.headers, host: target.host, connection: 'close' };
    const { hostname, port } = target;
    const options = { hostname, port, path: recorded.url, method: recorded.method, headers };
    const outbound = httpRequest(options, (reply) => {
      readAll(reply).then(
        (body) =>
          resolve({
            status: reply.statusCode ?? 502,
            contentType: reply.headers['content-type'] ?? '',
            body,
          }),
        reject,
      );
    });
    outbound.on('error', reject);
    outbound.end(recorded.body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(
  outgoing: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
): void {
  outgoing.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
  outgoing.end(body);
}

function drip(outgoing: ServerResponse, everyMs: number): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.write('{"registered_models": [');
  const timer = setInterval(() => outgoing.write(' '), everyMs);
  outgoing.on('close', () => clearInterval(timer));
}

function flood(outgoing: ServerResponse, bytes: number): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  const pour = () => {
    while (left > 0 && !outgoing.destroyed) {
      left -= chunk.length;
      if (!outgoing.write(chunk)) return void outgoing.once('drain', pour);
    }
    outgoing.end('{}');
  };
  pour();
}
