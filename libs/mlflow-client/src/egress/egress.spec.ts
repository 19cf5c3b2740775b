import { createServer, type Server } from 'node:http';
import { MlflowClient, type MlflowClientOptions, MlflowError, parseEgressEntries } from '../index';

describe('outbound requests', () => {
  let server: Server;
  let port: number;
  let requests = 0;
  let connections = 0;
  let lastPath = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      lastPath = request.url ?? '';
      response.writeHead(401).end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(() => {
    requests = 0;
    connections = 0;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const failureOf = async (
    trackingServerUrl: string,
    egress: MlflowClientOptions['egress'] = { policy: 'private' },
  ): Promise<unknown> => {
    try {
      const rest = { requestTimeoutSeconds: 5, verifyTls: true, maxAttempts: 1 } as const;
      await new MlflowClient({ trackingServerUrl, auth: { method: 'none' }, egress, ...rest }).probe();
      return 'answered';
    } catch (error) {
      return error;
    }
  };
  const codeOf = async (...target: Parameters<typeof failureOf>) => {
    const failure = await failureOf(...target);
    return failure instanceof MlflowError ? failure.code : failure;
  };

  it('reach loopback under the private policy, by address and by name', async () => {
    expect(await codeOf(`http://127.0.0.1:${port}`)).toBe('mlflow-unauthorized');
    expect(await codeOf(`http://localhost:${port}`)).toBe('mlflow-unauthorized');
    expect(requests).toBe(2);
  });

  it('keep the path prefix of the tracking server', async () => {
    await codeOf(`http://127.0.0.1:${port}/mlflow/`);
    expect(lastPath).toBe('/mlflow/api/2.0/mlflow/registered-models/search?max_results=1');
  });

  it('reach no private address under the public policy, in any spelling', async () => {
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '127.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'localhost',
    ]) {
      expect([host, await codeOf(`http://${host}:${port}`, { policy: 'public' })]).toEqual([
        host,
        'egress-denied',
      ]);
    }
    expect(connections).toBe(0);
  });

  it.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '[::ffff:169.254.169.254]',
    '0.0.0.0',
    '[::]',
    'metadata.google.internal',
    'METADATA.GOOGLE.INTERNAL.',
  ])('never go to %s', async (host) => {
    expect(await codeOf(`http://${host}:${port}`)).toBe('egress-denied');
    expect(requests).toBe(0);
  });

  it('never go to a URL of the wrong form', async () => {
    for (const url of ['ftp://127.0.0.1', `http://u:p@127.0.0.1:${port}`, `http://127.0.0.1:${port}/?a=b`]) {
      expect(await codeOf(url)).toBe('egress-denied');
    }
  });

  it('never go to our own services, under any of their names', async () => {
    for (const denied of ['localhost', '127.0.0.1', '::1', 'LOCALHOST.']) {
      const egress = { policy: 'private', ownServices: [{ host: denied, port }] } as const;
      for (const host of ['127.0.0.1', 'localhost', '127.0.0.2', '[::1]', '2130706433']) {
        expect([denied, host, await codeOf(`http://${host}:${port}`, egress)]).toEqual([
          denied,
          host,
          'egress-denied',
        ]);
      }
    }
    expect(connections).toBe(0);
    const elsewhere = {
      policy: 'private',
      ownServices: [{ host: 'localhost', port: port === 1 ? 2 : 1 }],
    } as const;
    expect(await codeOf(`http://127.0.0.1:${port}`, elsewhere)).toBe('mlflow-unauthorized');
  });

  /** The rules as an operator writes them; `PORT` is the server's. */
  const rules = (policy: 'private' | 'public' | 'list', allow: string, deny = '') => {
    const entries = (text: string) => parseEgressEntries(text.replaceAll('PORT', String(port)));
    return { policy, allow: entries(allow), deny: entries(deny) };
  };

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.0/8:PORT, [::1]:PORT', 'localhost'],
    ['LocalHost:PORT', 'localhost'],
    [':PORT', '127.0.0.1'],
  ])('reach under the list policy what %s names, and nothing else', async (allow, host) => {
    expect(await codeOf(`http://${host}:${port}`, rules('list', allow))).toBe('mlflow-unauthorized');
    const elsewhere = parseEgressEntries(`mlflow.example, 10.0.0.0/8, 127.0.0.1:${port === 1 ? 2 : 1}`);
    const other = { policy: 'list', allow: elsewhere } as const;
    expect(await codeOf(`http://127.0.0.1:${port}`, other)).toBe('egress-denied');
    expect(await codeOf(`http://127.0.0.1:${port}`, { policy: 'list' })).toBe('egress-denied');
  });

  it('open under the public policy the private addresses that are named', async () => {
    const url = `http://127.0.0.1:${port}`;
    expect(await codeOf(url, rules('public', '127.0.0.1:PORT'))).toBe('mlflow-unauthorized');
    expect(await codeOf(`http://localhost:${port}`, rules('public', 'localhost'))).toBe(
      'mlflow-unauthorized',
    );
    expect(await codeOf(url, rules('public', '10.0.0.0/8'))).toBe('egress-denied');
  });

  it.each([
    ['127.0.0.0/8 ::1', '127.0.0.1'],
    ['127.0.0.0/8:PORT [::/0]:PORT', 'localhost'],
    ['localhost', 'localhost'],
    ['localhost', '127.0.0.1'],
    ['LOCALHOST.:PORT', '2130706433'],
    [':PORT', '127.0.0.1'],
  ])('never go where %s is denied, whatever allows it: %s', async (deny, host) => {
    for (const policy of ['private', 'public', 'list'] as const) {
      const denied = rules(policy, 'localhost 127.0.0.1 ::1 :PORT', deny);
      expect(await codeOf(`http://${host}:${port}`, denied)).toBe('egress-denied');
    }
    expect(connections).toBe(0);
    const elsewhere = {
      policy: 'private',
      deny: parseEgressEntries('10.0.0.0/8 [2001:db8::1]:443 :1'),
    } as const;
    expect(await codeOf(`http://${host}:${port}`, elsewhere)).toBe('mlflow-unauthorized');
  });

  it('never go to cloud metadata, not even where it is allowed by name and address', async () => {
    const allow = 'metadata.google.internal 169.254.169.254 169.254.0.0/16 0.0.0.0/0 ::/0 :80';
    for (const host of ['metadata.google.internal', '169.254.169.254', '[::ffff:169.254.169.254]']) {
      for (const policy of ['private', 'public', 'list'] as const)
        expect(await codeOf(`http://${host}`, rules(policy, allow))).toBe('egress-denied');
    }
  });

  it('go nowhere on the port of a denied host whose name cannot be looked up, and say so', async () => {
    const deny = parseEgressEntries('gone.invalid');
    const ownServices = [{ host: 'gone.invalid', port }];
    for (const egress of [
      { policy: 'private', ownServices },
      { policy: 'private', deny },
    ] as const) {
      for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
        expect([host, await failureOf(`http://${host}:${port}`, egress)]).toEqual([
          host,
          expect.objectContaining({
            code: 'egress-denied',
            message: expect.stringContaining('cannot be looked up'),
          }),
        ]);
      }
    }
    expect(connections).toBe(0);
    const elsewhere = { policy: 'private', ownServices: [{ host: 'gone.invalid', port: port + 1 }] } as const;
    expect(await codeOf(`http://127.0.0.1:${port}`, elsewhere)).toBe('mlflow-unauthorized');
  });

  it('never go to our own services, not even where they are allowed', async () => {
    const egress = {
      ...rules('list', '127.0.0.1 localhost :PORT'),
      ownServices: [{ host: 'localhost', port }],
    };
    expect(await codeOf(`http://127.0.0.1:${port}`, egress)).toBe('egress-denied');
  });
});
