import type { Actor } from '@vw/audit';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startMlflowRooms, type MlflowRooms } from '@vw/testing';
import { MlflowConnection } from './mlflow-connection';
import { MlflowConnectionModule } from './mlflow-connection.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };

describeWithMlflow('webhooks of an MLflow 2, which has none', () => {
  let scene: MlflowRooms;
  let connection: MlflowConnection;

  beforeAll(async () => {
    scene = await startMlflowRooms([MlflowConnectionModule], { mlflow: { version: '2.22.5' } });
    connection = scene.rooms.app.get(MlflowConnection, { strict: false });
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(() => scene?.stop());

  it('are refused in a sentence that says so, leave nothing behind and the connection as it was', async () => {
    const orgId = await scene.rooms.createOrganization();
    await connection.save(orgId, { trackingServerUrl: scene.proxy.url, authMethod: 'none' }, ADMIN);
    const before = await connection.get(orgId);
    expect(before).toMatchObject({ status: 'connected', serverVersion: '2.22.5' });
    await expect(connection.setWebhook(orgId, true, ADMIN)).rejects.toMatchObject({
      code: 'mlflow-unsupported',
      status: 422,
      message: expect.stringContaining('has no registry webhooks'),
    });
    expect(await connection.get(orgId)).toEqual(before);
    for (const table of ['mlflow_webhook', 'credential']) {
      expect([table, await scene.rooms.test.asSuperuser(`SELECT FROM ${table}`)]).toEqual([table, []]);
    }
    const sent = scene.proxy.requests.filter(({ url }) => url.includes('webhooks'));
    expect(sent.map(({ method }) => method)).not.toContain('POST');
  });
});
