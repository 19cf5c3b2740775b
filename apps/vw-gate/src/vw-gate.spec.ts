import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const COMMAND = resolve(import.meta.dirname, 'vw-gate.mjs');
const GAP = { rule: 'G01', severity: 'critical', reason: 'No bias <assessment> & "more".' };
const TOLD = { rule: 'G13', severity: 'medium', reason: 'The model has no risk tier.' };

/** The server stands for the wire alone, its answers and its faults; what the gate decides has its own specs. */
describe('vw-gate', () => {
  let server: Server;
  let url: string;
  let asked: IncomingMessage | null;
  let answer: { status: number; body: string; location?: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = request;
      const headers = {
        'content-type': 'application/json',
        ...(answer.location ? { location: answer.location } : {}),
      };
      response.writeHead(answer.status, headers).end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    asked = null;
    says('allow', []);
  });

  afterAll(() => server.close());

  function says(verdict: string, reasons: object[], status = 200): void {
    answer = { status, body: JSON.stringify({ verdict, reasons }) };
  }

  async function run(
    args: string[],
    key = 'vw_test',
  ): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      env: { PATH: process.env['PATH'], VW_API_KEY: key },
    });
    const output = { out: '', err: '' };
    child.stdout.on('data', (text) => (output.out += String(text)));
    child.stderr.on('data', (text) => (output.err += String(text)));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, ...output };
  }

  const ask = (format = 'text', at = url) =>
    run([
      '--model',
      'credit risk/pd',
      '--version',
      '7',
      '--target',
      'Production',
      '--url',
      at,
      '--format',
      format,
    ]);

  it('asks with the key of the environment, and ends with 0 for allow', async () => {
    says('allow', [TOLD]);
    const { code, out } = await ask('text', `${url}/`);
    expect([code, out]).toEqual([
      0,
      'ALLOW credit risk/pd 7 to Production\n  medium   G13       The model has no risk tier.\n',
    ]);
    expect(asked?.headers.authorization).toBe('Bearer vw_test');
    expect(asked?.url).toBe('/api/v1/governance/gate?model=credit+risk%2Fpd&version=7&target=Production');
  });

  it('ends with 1 for deny, whatever the format', async () => {
    says('deny', [GAP, TOLD]);
    for (const format of ['text', 'json', 'junit', 'sarif'])
      expect([format, (await ask(format)).code]).toEqual([format, 1]);
  });

  it('ends with 2 for wrong use, and asks nothing', async () => {
    const right = ['--model', 'm', '--version', '1', '--target', 'prod', '--url', url];
    for (const args of [
      [],
      right.slice(2),
      [...right, '--format', 'yaml'],
      [...right, '--force'],
      [...right.slice(0, 7), 'ftp://x'],
      [...right.slice(0, 7), 'http://user:secret@127.0.0.1'],
      ['--help'],
    ])
      expect([args, (await run(args)).code]).toEqual([args, 2]);
    const keyless = await run(right, '');
    expect([keyless.code, keyless.err]).toEqual([2, expect.stringContaining('VW_API_KEY is not set.')]);
    const broken = await run(right, 'vw_secret\nsecret');
    expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('VW_API_KEY is no key')]);
    expect(broken.out + broken.err).not.toContain('secret');
    expect(asked).toBeNull();
  });

  it('ends with 3 for unknown, and for whatever keeps the answer away', async () => {
    says('unknown', [GAP]);
    expect((await ask()).code).toBe(3);
    for (const [status, body] of [
      [401, '{"code":"unauthenticated"}'],
      [500, '<html>'],
      [200, 'not json'],
      [200, '{"verdict":"allowed","reasons":[]}'],
      [200, '{"verdict":"allow"}'],
      [200, 'null'],
    ] as const) {
      answer = { status, body };
      expect([body, (await ask()).code]).toEqual([body, 3]);
    }
    says('allow', []);
    answer = { ...answer, status: 302, location: `${url}/elsewhere` };
    expect((await ask()).code).toBe(3);
    const away = await ask('text', 'http://127.0.0.1:1');
    expect([away.code, away.out]).toEqual([3, expect.stringMatching(/^UNKNOWN .*\n.*could not be asked/)]);
    expect(away.out).not.toContain('vw_test');
  });

  it('writes JSON', async () => {
    says('deny', [GAP]);
    expect(JSON.parse((await ask('json')).out)).toEqual({
      ...{ model: 'credit risk/pd', version: '7', target: 'Production', verdict: 'deny' },
      reasons: [GAP],
    });
  });

  it('writes JUnit: what decides fails, the rest is told', async () => {
    says('deny', [GAP, TOLD]);
    const { out } = await ask('junit');
    expect(out).toContain('<testsuites tests="2" failures="1" errors="0">');
    expect(out).toContain(
      '<failure message="No bias &lt;assessment&gt; &amp; &quot;more&quot;." type="critical"/>',
    );
    expect(out).toContain('<system-out>medium: The model has no risk tier.</system-out>');
    says('unknown', []);
    expect((await ask('junit')).out).toContain('<testsuites tests="1" failures="0" errors="1">');
    says('allow', []);
    expect((await ask('junit')).out).toContain('<testsuites tests="1" failures="0" errors="0">');
  });

  it('writes SARIF', async () => {
    says('deny', [GAP, TOLD]);
    expect(JSON.parse((await ask('sarif')).out)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'vw-gate', rules: [{ id: 'G01' }, { id: 'G13' }] } },
          results: [
            {
              ruleId: 'G01',
              level: 'error',
              locations: [{ logicalLocations: [{ fullyQualifiedName: 'models:/credit risk/pd/7' }] }],
            },
            { ruleId: 'G13', level: 'note' },
          ],
        },
      ],
    });
  });
});
