import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { EgressRules } from '../index';

/** What the name has, look-up by look-up; the last answer stays. Stands in for the name server of an attacker. */
let answers: string[][] = [];
let asked = 0;
/** What a name that an operator denied has, look-up by look-up; the last answer stays. */
let denied: string[] = [];

const real = await import('node:dns');
const realPromises = await import('node:dns/promises');
jest.unstable_mockModule('node:dns/promises', () => ({
  ...realPromises,
  lookup: async () => [{ address: denied.length > 1 ? denied.shift() : denied[0], family: 4 }],
}));
jest.unstable_mockModule('node:dns', () => ({
  ...real,
  lookup: (
    _host: string,
    _options: object,
    callback: (error: Error | null, addresses: LookupAddress[]) => void,
  ) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  },
}));
const { MlflowClient, MlflowError, parseEgressEntries } = await import('../index');

describe('a name that resolves to something else a moment later', () => {
  let server: Server;
  let port: number;
  let requests = 0;
  let connections = 0;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(503).end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    [asked, requests, connections] = [0, 0, 0];
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const clientOf = (maxAttempts = 1, egress: EgressRules = { policy: 'private' }) =>
    new MlflowClient({
      trackingServerUrl: `http://rebinding.example:${port}`,
      auth: { method: 'none' },
      requestTimeoutSeconds: 5,
      verifyTls: true,
      egress,
      maxAttempts,
    });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'answered',
      (error: unknown) => (error instanceof MlflowError ? error.code : error),
    );

  it('is connected to where it was checked: one look-up for each request, and none after it', async () => {
    answers = [['127.0.0.1'], ['169.254.169.254']];
    expect(await codeOf(clientOf().probe())).toBe('mlflow-server-error');
    expect([asked, requests]).toEqual([1, 1]);
  });

  it('is looked up and checked anew at every use, by the same client and for a retry too', async () => {
    answers = [['127.0.0.1'], ['169.254.169.254']];
    const client = clientOf();
    expect(await codeOf(client.probe())).toBe('mlflow-server-error');
    expect(await codeOf(client.probe())).toBe('egress-denied');
    expect([asked, requests]).toEqual([2, 1]);

    [asked, requests] = [0, 0];
    expect(await codeOf(clientOf(5).probe())).toBe('egress-denied');
    expect([asked, requests]).toEqual([2, 1]);
  });

  it.each([['169.254.169.254'], ['::ffff:169.254.169.254'], ['fd00:ec2::254'], ['0.0.0.0']])(
    'is refused when only one of its addresses is forbidden: %s',
    async (forbidden) => {
      for (const addresses of [
        ['127.0.0.1', forbidden],
        [forbidden, '127.0.0.1'],
      ]) {
        answers = [addresses];
        expect(await codeOf(clientOf().probe())).toBe('egress-denied');
      }
      expect(requests).toBe(0);
    },
  );

  it.each(['public', 'list'] as const)(
    'gains nothing from being allowed by name under the %s policy: its addresses are still checked',
    async (policy) => {
      const allow = parseEgressEntries('rebinding.example');
      const allowed = { policy, allow, deny: parseEgressEntries('10.0.0.0/8') };
      answers = [['127.0.0.1']];
      expect(await codeOf(clientOf(1, allowed).probe())).toBe('mlflow-server-error');
      for (const address of ['169.254.169.254', '10.1.2.3', 'fd00:ec2::254', '64:ff9b::7f00:1']) {
        answers = [[address]];
        expect([address, await codeOf(clientOf(1, allowed).probe())]).toEqual([address, 'egress-denied']);
      }
      expect(requests).toBe(1);
    },
  );

  it('is checked again at the other end of the socket, and not a byte is sent where the rules forbid it by then', async () => {
    const deny = parseEgressEntries('vault.example');
    answers = [['127.0.0.1']];
    denied = ['192.0.2.9'];
    expect(await codeOf(clientOf(1, { policy: 'private', deny }).probe())).toBe('mlflow-server-error');
    expect([connections, requests]).toEqual([1, 1]);

    denied = ['192.0.2.9', '127.0.0.1'];
    expect(await codeOf(clientOf(1, { policy: 'private', deny }).probe())).toBe('egress-denied');
    expect([connections, requests]).toEqual([2, 1]);
  });
});
