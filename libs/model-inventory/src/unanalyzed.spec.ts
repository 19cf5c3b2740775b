import { startRooms, type TestRooms } from '@vw/testing';
import { ModelInventory } from './model-inventory';
import { ModelInventoryModule } from './model-inventory.module';

const VERSIONS = 10_000;

/** A first sync has just written it, and Postgres has no statistics yet: it thinks of every table as nearly empty. */
const FRESH = `
  ALTER TABLE run SET (autovacuum_enabled = false);
  ALTER TABLE model_version SET (autovacuum_enabled = false);
  INSERT INTO model (org_id, id, source_id, name, description, tags, created_at, updated_at, hash, first_run_id, changed_run_id)
  SELECT o.id, md5('m')::uuid, md5('s')::uuid, 'm', '', '{}', now(), now(), '\\x00', md5('r')::uuid, md5('r')::uuid
  FROM organization o;
  INSERT INTO run (org_id, source_id, run_id, state, status, experiment_id, metrics, parameters, datasets)
  SELECT o.id, md5('s')::uuid, 'run' || n, 'active', 'FINISHED', nullif(n % 20, 0)::text,
    '{"auc": 1, "gini": 2, "ks": 3, "brier": 4, "psi": 5}', '{"feature_set": "pd_2026q3_with_bureau_data_of_the_third_quarter"}', '[]'
  FROM organization o, generate_series(1, ${VERSIONS}) n;
  INSERT INTO model_version (org_id, id, model_id, source_id, model_name, version, version_number, stage, aliases, description, tags,
    source_uri, run_id, evidence_id, created_at, updated_at, live, hash, first_run_id, changed_run_id)
  SELECT o.id, md5('v' || n)::uuid, md5('m')::uuid, md5('s')::uuid, 'm', n::text, n, 'None', '{}', '', '{}', '', 'run' || n, 'run' || n,
    now(), now(), false, '\\x00', md5('r')::uuid, md5('r')::uuid
  FROM organization o, generate_series(1, ${VERSIONS}) n`;

describe('an inventory that was just filled', () => {
  let rooms: TestRooms;
  let orgId: string;

  /** Entries of the index read so far, by every connection. */
  const entriesRead = async (index: string): Promise<number> => {
    const flush = 'SELECT pg_stat_force_next_flush(), pg_sleep(0.2)';
    const all = Array.from({ length: 10 }, () =>
      rooms.database.orgTransaction(orgId, (tx) => tx.query(flush)),
    );
    await Promise.all(all);
    const [row] = await rooms.test.asSuperuser<{ n: string }>(
      'SELECT idx_tup_read AS n FROM pg_stat_user_indexes WHERE indexrelname = $1',
      [index],
    );
    return Number(row?.n);
  };

  beforeAll(async () => {
    rooms = await startRooms([ModelInventoryModule]);
    orgId = await rooms.createOrganization();
    await rooms.test.asSuperuser(FRESH);
  });

  afterAll(() => rooms?.close());

  it('counts its experiments by reading each run once, with no statistics to go by', async () => {
    const before = { key: await entriesRead('run_pkey'), other: await entriesRead('run_experiment') };
    const summary = await rooms.app.get(ModelInventory, { strict: false }).summary(orgId);
    expect(summary).toMatchObject({ models: 1, experiments: 19, stages: { None: VERSIONS } });
    expect((await entriesRead('run_pkey')) - before.key).toBeLessThanOrEqual(VERSIONS);
    expect(await entriesRead('run_experiment')).toBe(before.other);
  });
});
