import { SyncHistory } from '@vw/sync-history';
import { startRooms, type TestRooms } from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

describe('syncs that are due', () => {
  let rooms: TestRooms;

  const runsOf = async (orgId: string) =>
    (await rooms.app.get(SyncHistory, { strict: false }).list(orgId, {})).items;
  const connect = (orgId: string, minutesAgo: number) =>
    rooms.test.asSuperuser(
      `INSERT INTO mlflow_connection (org_id, tracking_server_url, request_timeout_seconds, auth_method, verify_tls, poll_seconds, next_sync_at)
       VALUES ($1, 'http://mlflow.example', 30, 'none', true, 0, now() - make_interval(mins => $2))`,
      [orgId, minutesAgo],
    );

  beforeAll(async () => {
    rooms = await startRooms([SyncEngineModule]);
  });

  afterAll(() => rooms?.close());

  it('are asked for also where that fails for an organization before, which is asked for again', async () => {
    const [first, second] = [
      await rooms.createOrganization('First'),
      await rooms.createOrganization('Second'),
    ];
    await connect(first, 2);
    await connect(second, 1);
    await rooms.test.asSuperuser(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'planted'; END $$;
       CREATE TRIGGER fail BEFORE INSERT ON sync_run FOR EACH ROW WHEN (NEW.org_id = '${first}') EXECUTE FUNCTION fail()`,
    );
    const engine = rooms.app.get(SyncEngine, { strict: false });
    expect(await engine.requestDue()).toBe(2);
    expect(await runsOf(first)).toEqual([]);
    expect(await runsOf(second)).toMatchObject([{ trigger: 'scheduled', status: 'queued' }]);
    await rooms.test.asSuperuser('DROP TRIGGER fail ON sync_run');
    expect(await engine.requestDue()).toBe(1);
    expect(await runsOf(first)).toMatchObject([{ trigger: 'scheduled', status: 'queued' }]);
  });
});
