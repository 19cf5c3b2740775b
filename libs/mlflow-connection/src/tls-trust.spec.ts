import type { Actor } from '@vw/audit';
import type { ConnectionInput } from '@vw/shared-contracts';
import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  PRIVATE_CA,
  SELF_SIGNED,
  startMlflowRooms,
  type MlflowRooms,
} from '@vw/testing';
import { MlflowConnection } from './mlflow-connection';
import { MlflowConnectionModule } from './mlflow-connection.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };

describeWithMlflow('a connection to a server whose certificate a private CA signed', () => {
  let scene: MlflowRooms;
  let connection: MlflowConnection;
  let orgId: string;

  const open = (change: Partial<ConnectionInput> = {}): ConnectionInput => ({
    trackingServerUrl: scene.proxy.url,
    authMethod: 'none',
    ...change,
  });
  const withToken = (change: Partial<ConnectionInput>): ConnectionInput =>
    open({ authMethod: 'token', ...change });
  const audited = () =>
    scene.rooms.database.orgTransaction(orgId, (tx) =>
      tx.query<{ body: string }>('SELECT body FROM audit_event ORDER BY seq DESC LIMIT 1'),
    );

  beforeAll(async () => {
    scene = await startMlflowRooms([MlflowConnectionModule], { certificate: PRIVATE_CA });
    connection = scene.rooms.app.get(MlflowConnection, { strict: false });
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(async () => {
    orgId = await scene.rooms.createOrganization();
  });

  afterAll(() => scene?.stop());

  it('fails without the CA and with another one, and works with it', async () => {
    const refused = { status: 'error', code: 'mlflow-tls' };
    expect(await connection.test(orgId, open(), ADMIN)).toMatchObject(refused);
    expect(await connection.test(orgId, open({ caCertificate: SELF_SIGNED.cert }), ADMIN)).toMatchObject(
      refused,
    );
    await expect(connection.save(orgId, open(), ADMIN)).rejects.toMatchObject({ code: 'mlflow-tls' });
    expect(await connection.save(orgId, open({ caCertificate: PRIVATE_CA.ca }), ADMIN)).toMatchObject({
      status: 'connected',
      caCertificate: PRIVATE_CA.ca,
      serverVersion: '3.17.2',
    });
    expect(await connection.test(orgId, null, ADMIN)).toMatchObject({ status: 'success' });
    const { client } = await connection.open(orgId);
    expect(await client.probe()).toMatchObject({ serverVersion: '3.17.2' });
  });

  it('leaves its trust to itself: another organization has none in the same server', async () => {
    await connection.save(orgId, open({ caCertificate: PRIVATE_CA.ca }), ADMIN);
    const other = await scene.rooms.createOrganization('Other');
    expect(await connection.test(other, open(), ADMIN)).toMatchObject({ code: 'mlflow-tls' });
  });

  it.each([
    ['text', 'PEM'],
    ['an empty block', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'],
    ['a block of nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['a cut certificate', PRIVATE_CA.ca.slice(0, 200)],
    ['words beside the certificate', `${PRIVATE_CA.ca}\nand more`],
    ['a private key', `${PRIVATE_CA.ca}${PRIVATE_CA.key}`],
  ])('refuses %s as its CA, and repeats none of it', async (_name, caCertificate) => {
    const error: unknown = await connection
      .test(orgId, open({ caCertificate }), ADMIN)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'invalid-input',
      status: 422,
      errors: [{ field: 'caCertificate', message: expect.stringMatching(/PEM|private key/) }],
    });
    expect(JSON.stringify(error)).not.toContain(PRIVATE_CA.key.slice(40, 80));
  });

  it('takes several certificates, with any line ends around them', async () => {
    const bundle = `\r\n${SELF_SIGNED.cert}\r\n\r\n${PRIVATE_CA.ca}  `;
    expect(await connection.test(orgId, open({ caCertificate: bundle }), ADMIN)).toMatchObject({
      status: 'success',
    });
  });

  it('asks for the secret again where another CA, or none, would vouch for the server', async () => {
    await connection.save(orgId, withToken({ apiToken: 't', caCertificate: PRIVATE_CA.ca }), ADMIN);
    const same = withToken({ caCertificate: PRIVATE_CA.ca });
    expect(await connection.test(orgId, same, ADMIN)).toMatchObject({ status: 'success' });
    for (const weaker of [
      { caCertificate: SELF_SIGNED.cert },
      { caCertificate: null },
      { caCertificate: PRIVATE_CA.ca, verifyTls: false },
    ]) {
      await expect(connection.test(orgId, withToken(weaker), ADMIN)).rejects.toMatchObject({
        code: 'credential-required',
        status: 422,
      });
    }
  });

  it('puts into the audit trail that certificates are not verified, and which CA is trusted', async () => {
    await connection.save(orgId, open({ verifyTls: false }), ADMIN);
    const [unverified] = await audited();
    expect(unverified?.body).toContain('"verifyTls":false');
    await connection.save(orgId, open({ caCertificate: PRIVATE_CA.ca }), ADMIN);
    const [verified] = await audited();
    expect(verified?.body).toMatch(/"caCertificate":"([0-9A-F]{2}:){31}[0-9A-F]{2}"/);
    expect(verified?.body).toContain('"verifyTls":true');
  });
});
