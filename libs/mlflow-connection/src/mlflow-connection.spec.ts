import type { Actor } from '@vw/audit';
import { Problem } from '@vw/platform';
import { PROBLEMS, type ConnectionInput, type ProblemCode } from '@vw/shared-contracts';
import {
  describeWithMlflow,
  freePort,
  MLFLOW_START_TIMEOUT_MS,
  startMlflowRooms,
  type MlflowRooms,
} from '@vw/testing';
import { MlflowConnection } from './mlflow-connection';
import { MlflowConnectionModule } from './mlflow-connection.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const PASSWORD = 'correct horse battery staple';

describeWithMlflow('the MLflow connection', () => {
  let scene: MlflowRooms;
  let connection: MlflowConnection;
  let closed: string;

  const open = (url = scene.proxy.url): ConnectionInput => ({ trackingServerUrl: url, authMethod: 'none' });
  const basic = (password?: string): ConnectionInput => ({
    trackingServerUrl: scene.proxy.url,
    authMethod: 'basic',
    username: scene.mlflow.adminAuth?.username ?? '',
    ...(password === undefined ? {} : { password }),
  });

  beforeAll(async () => {
    scene = await startMlflowRooms([MlflowConnectionModule], { mlflow: { appName: 'basic-auth' } });
    connection = scene.rooms.app.get(MlflowConnection, { strict: false });
    closed = `http://127.0.0.1:${await freePort()}`;
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(() => scene.proxy.reset());

  afterAll(() => scene?.stop());

  const failures: [string, ProblemCode, () => ConnectionInput][] = [
    ['a closed port', 'mlflow-unreachable', () => open(closed)],
    ['an unknown host', 'mlflow-unreachable', () => open('http://mlflow.invalid:5000')],
    ['a wrong password', 'mlflow-unauthorized', () => basic('wrong')],
    ['no credentials where some are due', 'mlflow-unauthorized', () => open()],
    [
      'an HTML page',
      'mlflow-not-mlflow',
      () => (scene.proxy.on({ match: '', fault: { kind: 'html' } }), open()),
    ],
    [
      'a redirect to a sign-in',
      'mlflow-redirected',
      () => (
        scene.proxy.on({ match: '', fault: { kind: 'redirect', location: 'http://127.0.0.1:9/login' } }),
        open()
      ),
    ],
    [
      'a slow server and a short timeout',
      'mlflow-timeout',
      () => (
        scene.proxy.on({ match: '', fault: { kind: 'delay', ms: 3_000 } }),
        { ...open(), requestTimeoutSeconds: 1 }
      ),
    ],
    [
      'a server error',
      'mlflow-server-error',
      () => (scene.proxy.on({ match: '', fault: { kind: 'status', status: 500 } }), open()),
    ],
    [
      'all workspaces of a server that has none',
      'mlflow-unsupported',
      () => ({ ...basic(scene.mlflow.adminAuth?.password), workspace: '*' }),
    ],
    ['our own Postgres', 'egress-denied', () => open(`http://${new URL(scene.rooms.test.url).host}`)],
    ['a cloud metadata address', 'egress-denied', () => open('http://169.254.169.254')],
  ];

  it.each(failures)(
    'answers a test of %s with %s and its sentence, and saves nothing',
    async (_name, code, input) => {
      const orgId = await scene.rooms.createOrganization();
      const settings = input();
      expect(await connection.test(orgId, settings, ADMIN)).toMatchObject({
        status: 'error',
        code,
        message: PROBLEMS[code].text,
      });
      await expect(connection.save(orgId, settings, ADMIN)).rejects.toMatchObject({ code, status: 422 });
      expect((await connection.get(orgId)).status).toBe('not-configured');
    },
  );

  it('tests, saves, and shows that a password is stored but never the password', async () => {
    const orgId = await scene.rooms.createOrganization();
    const password = scene.mlflow.adminAuth?.password ?? '';
    expect(await connection.test(orgId, basic(password), ADMIN)).toMatchObject({
      status: 'success',
      code: null,
      serverVersion: '3.17.2',
    });
    const saved = await connection.save(orgId, basic(password), ADMIN);
    expect(saved).toMatchObject({
      status: 'connected',
      hasStoredPassword: true,
      hasStoredToken: false,
      lastError: null,
      serverVersion: '3.17.2',
    });
    expect(JSON.stringify(saved)).not.toContain(password);
    expect(saved.lastSuccessfulTestAt).not.toBeNull();
    expect(Date.parse(saved.upcomingSyncAt ?? '')).toBeGreaterThan(Date.now());
  });

  it('keeps the stored password for the same server and user only', async () => {
    const orgId = await scene.rooms.createOrganization();
    await connection.save(orgId, basic(scene.mlflow.adminAuth?.password), ADMIN);
    expect(await connection.test(orgId, basic(), ADMIN)).toMatchObject({ status: 'success' });
    const required = { code: 'credential-required', status: 422 };
    await expect(
      connection.test(orgId, { ...basic(), trackingServerUrl: scene.mlflow.url }, ADMIN),
    ).rejects.toMatchObject(required);
    await expect(connection.test(orgId, { ...basic(), username: 'someone' }, ADMIN)).rejects.toMatchObject(
      required,
    );
    await expect(connection.test(orgId, { ...basic(), verifyTls: false }, ADMIN)).rejects.toMatchObject(
      required,
    );
  });

  it('refuses another server until its records may be replaced', async () => {
    const orgId = await scene.rooms.createOrganization();
    const password = scene.mlflow.adminAuth?.password ?? '';
    await connection.save(orgId, basic(password), ADMIN);
    const other = { ...basic(password), trackingServerUrl: scene.mlflow.url };
    await expect(connection.save(orgId, other, ADMIN)).rejects.toMatchObject({
      code: 'source-changed',
      status: 409,
    });
    expect((await connection.get(orgId)).trackingServerUrl).toBe(scene.proxy.url);
    expect(await connection.save(orgId, { ...other, replaceSource: true }, ADMIN)).toMatchObject({
      trackingServerUrl: scene.mlflow.url,
    });
  });

  it('shows the error of a failing test of the saved settings, and clears it with the next success', async () => {
    const orgId = await scene.rooms.createOrganization();
    await connection.save(orgId, basic(scene.mlflow.adminAuth?.password), ADMIN);
    scene.proxy.on({ match: '', fault: { kind: 'status', status: 503 } });
    expect(await connection.test(orgId, null, ADMIN)).toMatchObject({ code: 'mlflow-server-error' });
    expect(await connection.get(orgId)).toMatchObject({
      status: 'error',
      lastError: { code: 'mlflow-server-error' },
    });
    scene.proxy.reset();
    scene.proxy.on({ match: '', fault: { kind: 'status', status: 401 } });
    await connection.test(orgId, null, ADMIN);
    expect(await connection.get(orgId)).toMatchObject({
      status: 'action-required',
      lastError: { code: 'mlflow-unauthorized' },
    });
    scene.proxy.reset();
    await connection.test(orgId, null, ADMIN);
    expect(await connection.get(orgId)).toMatchObject({ status: 'connected', lastError: null });
  });

  it('destroys the credential with the connection', async () => {
    const orgId = await scene.rooms.createOrganization();
    await connection.save(orgId, basic(scene.mlflow.adminAuth?.password), ADMIN);
    await connection.disconnect(orgId, ADMIN);
    expect(await connection.get(orgId)).toMatchObject({
      status: 'not-configured',
      hasStoredPassword: false,
      trackingServerUrl: null,
    });
    expect(
      await scene.rooms.database.orgTransaction(orgId, (tx) => tx.query('SELECT * FROM credential')),
    ).toEqual([]);
    await expect(connection.open(orgId)).rejects.toMatchObject({ code: 'not-configured' });
  });

  it('names each field that is wrong', async () => {
    const orgId = await scene.rooms.createOrganization();
    const wrong: [Partial<ConnectionInput>, string][] = [
      [{ trackingServerUrl: 'ftp://mlflow' }, 'trackingServerUrl'],
      [{ trackingServerUrl: 'http://user:secret@mlflow' }, 'trackingServerUrl'],
      [{ authMethod: 'basic', username: 'a:b', password: PASSWORD }, 'username'],
      [{ authMethod: 'token', apiToken: null }, 'apiToken'],
      [{ caCertificate: 'PEM' }, 'caCertificate'],
    ];
    for (const [change, field] of wrong) {
      const error: unknown = await connection
        .test(orgId, { ...open(), ...change }, ADMIN)
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Problem);
      expect(error).toMatchObject({ code: 'invalid-input', errors: [{ field }] });
      expect(JSON.stringify(error)).not.toContain('secret@');
    }
  });
});
