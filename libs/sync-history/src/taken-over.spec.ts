import { startRooms, type TestRooms } from '@vw/testing';
import { type RunProgress, SyncHistory } from './sync-history';
import { SyncHistoryModule } from './sync-history.module';

describe('the counts of a run that is taken over', () => {
  let rooms: TestRooms;
  let history: SyncHistory;
  let orgId: string;

  beforeAll(async () => {
    rooms = await startRooms([SyncHistoryModule]);
    history = rooms.app.get(SyncHistory, { strict: false });
  });
  beforeEach(async () => {
    orgId = await rooms.createOrganization();
  });
  afterAll(() => rooms?.close());

  /** Each attempt tells this, and then dies; what the history says of the run after each. */
  async function told(...attempts: readonly Partial<RunProgress>[]): Promise<unknown[]> {
    const { run } = await history.request(orgId, 'manual', null);
    const found: unknown[] = [];
    for (const said of attempts) {
      const lease = await history.start(orgId, run.id, null);
      if (!lease) throw new Error('the run did not start');
      await history.progress(orgId, lease, {
        ...{ phase: 'reading', currentModel: null, models: 0, versions: 0, requests: 1 },
        ...{ created: 0, updated: 0, removed: 0, ...said },
      });
      const { progress, counts } = await history.get(orgId, run.id);
      const { created, updated, unchanged } = counts;
      found.push([progress.models, progress.versions, created, updated, unchanged]);
    }
    return found;
  }

  it('keep what an earlier attempt saw while the later one has seen less', async () => {
    const seen = await told(
      { models: 9, versions: 100, created: 60 },
      { models: 1, versions: 10 },
      { models: 9, versions: 110, created: 10 },
    );
    expect(seen).toEqual([
      [9, 100, 60, 0, 40],
      [9, 100, 60, 0, 40],
      [9, 110, 70, 0, 40],
    ]);
  });

  it('call a version updated that changed between the attempts, and no longer unchanged', async () => {
    expect(await told({ versions: 100, created: 60 }, { versions: 50, updated: 5 })).toEqual([
      [0, 100, 60, 0, 40],
      [0, 100, 60, 5, 35],
    ]);
  });
});
