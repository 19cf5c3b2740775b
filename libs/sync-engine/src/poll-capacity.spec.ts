import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import {
  describeWithMlflow,
  eventually,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startMlflowRooms,
  type FaultProxy,
  type MlflowRooms,
} from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
/** More than a worker polls side by side. */
const ORGANIZATIONS = 25;

describeWithMlflow('the polls of a worker', () => {
  let scene: MlflowRooms;
  let slow: FaultProxy;

  const connect = async (trackingServerUrl: string): Promise<void> => {
    const orgId = await scene.rooms.createOrganization();
    const settings = { trackingServerUrl, authMethod: 'none', requestTimeoutSeconds: 5 } as const;
    await scene.rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
  };
  const pollDue = (): Promise<void> => scene.rooms.app.get(RegistryWatch, { strict: false }).pollDue(FOREVER);
  /** All of them, as after a first whole read of a registry that is empty. */
  const allDue = () =>
    scene.rooms.test.asSuperuser(
      'UPDATE mlflow_connection SET next_poll_at = now(), models_seen_at = now(), versions_seen_at = now()',
    );

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    slow = await startFaultProxy(scene.mlflow.url);
    for (let made = 0; made < ORGANIZATIONS; made += 1) await connect(scene.proxy.url);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(() => scene.proxy.reset());

  afterAll(async () => {
    await slow?.stop();
    await scene?.stop();
  });

  it('go on until nothing is due, and do not wait for the clock', async () => {
    await allDue();
    await pollDue();
    expect(scene.proxy.requests).toHaveLength(2 * ORGANIZATIONS);
  });

  it('ask a server that hangs once, and not again while it hangs', async () => {
    await connect(slow.url);
    slow.reset();
    slow.on({ match: '', fault: { kind: 'delay', ms: 8_000 } });
    await allDue();
    const polling = pollDue();
    await eventually(() => expect(slow.requests).toHaveLength(1));
    await allDue();
    await Promise.all([pollDue(), polling]);
    expect(slow.requests).toHaveLength(1);
  }, 30_000);
});
