import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MlflowClient, MlflowError } from './index';

const never = new AbortController().signal;
const IDS = Array.from({ length: 40 }, (_, i) => `run-${i}`);

/** A fifth request that was to come would have come by then, in milliseconds. */
const QUIET_MS = 20;

/** Answers searches with nothing; gets only where four of them wait, and then all. */
describe('runs that no search shows', () => {
  let server: Server;
  let port: number;
  let waiting: ServerResponse[] = [];
  let asked: string[] = [];
  let most = 0;
  let status = 403;
  let quiet: ReturnType<typeof setTimeout> | undefined;

  const answerAll = (): void => {
    if (waiting.length < 4 && asked.length < IDS.length) return;
    for (const response of waiting.splice(0))
      response.writeHead(status, { 'content-type': 'text/html' }).end('Permission denied');
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.endsWith('runs/search')) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      asked.push(/run_id=(.+)/.exec(request.url ?? '')?.[1] ?? '');
      waiting.push(response);
      most = Math.max(most, waiting.length);
      clearTimeout(quiet);
      quiet = setTimeout(answerAll, QUIET_MS);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    [waiting, asked, most, status] = [[], [], 0, 403];
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const read = () =>
    new MlflowClient({
      trackingServerUrl: `http://127.0.0.1:${port}`,
      auth: { method: 'none' },
      requestTimeoutSeconds: 5,
      verifyTls: true,
      egress: { policy: 'private' },
      maxAttempts: 1,
    }).runs(IDS, ['0'], never);

  it('are asked for four at a time, each once and in order, and no more at once', async () => {
    const found = await read();
    expect([...found.values()]).toEqual(IDS.map(() => ({ state: 'unreadable' })));
    expect(most).toBe(4);
    expect([...asked].sort()).toEqual([...IDS].sort());
    const places = asked.map((id, place) => Math.abs(IDS.indexOf(id) - place));
    expect(Math.max(...places)).toBeLessThan(4);
  });

  it('are asked for no further once the server fails', async () => {
    status = 500;
    await expect(read()).rejects.toThrow(MlflowError);
    expect(asked.length).toBeLessThan(12);
  });
});
