import type { VersionQuery } from '@vw/shared-contracts';
import { startRooms, type TestRooms } from '@vw/testing';
import { ModelInventory } from './model-inventory';
import { ModelInventoryModule } from './model-inventory.module';
import { SketchedInventory } from './registry.fixture';

const VERSIONS = 30_000;
const MODELS = 3_000;
/** Rows that two pages of 25 may cost: of a rare stage, the index of another order is read up to the last that fits. */
const MOST_READ = VERSIONS / 6;

/** Versions of one page. */
const PART = 100;

/** As a first sync leaves it: Postgres has no statistics yet, and thinks of every table as nearly empty. */
const filled = (orgId: string) => `
  ALTER TABLE run SET (autovacuum_enabled = false);
  ALTER TABLE model_version SET (autovacuum_enabled = false);
  ALTER TABLE model SET (autovacuum_enabled = false);
  INSERT INTO model (org_id, id, source_id, name, description, tags, created_at, updated_at, hash, first_run_id, changed_run_id)
  SELECT '${orgId}', md5('m' || n)::uuid, md5('s')::uuid, 'model-' || n, '', '{}', now(), now(), '\\x00', md5('r')::uuid, md5('r')::uuid
  FROM generate_series(1, ${MODELS}) n;
  INSERT INTO run (org_id, source_id, run_id, state, status, experiment_id, metrics, parameters, datasets)
  SELECT '${orgId}', md5('s')::uuid, 'run' || n, 'active', 'FINISHED', nullif(n % 20, 0)::text, '{"auc": 1}', '{"seed": "1"}', '[]'
  FROM generate_series(1, ${VERSIONS}) n;
  INSERT INTO model_version (org_id, id, model_id, source_id, model_name, version, version_number, stage, aliases, description, tags,
    source_uri, run_id, evidence_id, experiment_id, created_at, updated_at, live, open_gaps, gap_requirements, hash, first_run_id,
    changed_run_id)
  SELECT '${orgId}', md5('v' || n)::uuid, md5('m' || m)::uuid, md5('s')::uuid, 'model-' || m, (n / ${MODELS})::text, n / ${MODELS},
    CASE WHEN n % 100 = 0 THEN 'Staging' WHEN n % 10 = 0 THEN 'Production' ELSE 'None' END, '{}', '', '{}', '', 'run' || n, 'run' || n,
    nullif(n % 20, 0)::text, now() + n * interval '1 s', now() + n * interval '1 s', n % 10 = 0, 0,
    CASE WHEN n % 3000 = 0 THEN ARRAY['bias-assessment'] ELSE '{}' END, '\\x00', md5('r')::uuid, md5('r')::uuid
  FROM generate_series(0, ${VERSIONS - 1}) n, LATERAL (SELECT n % ${MODELS} + 1 AS m) x`;

const LISTS: [string, VersionQuery, number][] = [
  ['all', {}, VERSIONS],
  ['a sort by name', { sort: 'modelName' }, VERSIONS],
  ['a sort by number', { sort: 'version', order: 'desc' }, VERSIONS],
  ['a stage', { stage: 'Production' }, (VERSIONS * 9) / 100],
  ['a rare stage', { stage: 'Staging', sort: 'modelName' }, VERSIONS / 100],
  ['any gap', { gap: 'any' }, 10],
  ['one gap', { gap: 'bias-assessment', sort: 'createdAt' }, 10],
  ['a gap that nothing has', { gap: 'security-review' }, 0],
  ['a search', { search: 'MODEL-1234' }, VERSIONS / MODELS],
  ['a search that finds all', { search: 'model' }, VERSIONS],
  ['a search that finds many, of a stage', { search: 'odel', stage: 'Staging' }, VERSIONS / 100],
  ['a search that finds many, with a gap', { search: 'odel', gap: 'any' }, 10],
  ['a search without hits', { search: 'nothing' }, 0],
];

describe('an inventory of 30,000 versions', () => {
  let rooms: TestRooms;
  let inventory: ModelInventory;
  let orgId: string;

  /** Sequential scans of the large tables, and rows of them read so far, by every connection. */
  const reads = async (): Promise<{ scans: number; rows: number }> => {
    const flush = 'SELECT pg_stat_force_next_flush(), pg_sleep(0.2)';
    const all = Array.from({ length: 10 }, () =>
      rooms.database.orgTransaction(orgId, (tx) => tx.query(flush)),
    );
    await Promise.all(all);
    const [row] = await rooms.test.asSuperuser<{ scans: string; rows: string }>(
      `SELECT sum(seq_scan) AS scans, sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_user_tables
       WHERE relname IN ('model_version', 'run', 'version_change')`,
    );
    return { scans: Number(row?.scans), rows: Number(row?.rows) };
  };
  const costOf = async (read: () => Promise<unknown>) => {
    const before = await reads();
    await read();
    const after = await reads();
    return { scans: after.scans - before.scans, rows: after.rows - before.rows };
  };
  const twoPages = (query: VersionQuery, total: number) =>
    costOf(async () => {
      const first = await inventory.versions(orgId, { ...query, limit: 25 });
      expect([first.items.length, first.total]).toEqual([Math.min(total, 25), total]);
      if (!first.nextCursor) return;
      const next = await inventory.versions(orgId, { ...query, limit: 25, cursor: first.nextCursor });
      expect(next.items.length).toBe(25);
    });

  beforeAll(async () => {
    rooms = await startRooms([ModelInventoryModule]);
    inventory = rooms.app.get(ModelInventory, { strict: false });
    orgId = await rooms.createOrganization();
    await rooms.test.asSuperuser(filled(orgId));
  }, 120_000);

  afterAll(() => rooms?.close());

  const summedUp = async () => {
    const cost = await costOf(async () => {
      const stages = { None: (VERSIONS * 9) / 10, Staging: VERSIONS / 100, Production: (VERSIONS * 9) / 100 };
      expect(await inventory.summary(orgId)).toMatchObject({ models: MODELS, experiments: 19, stages });
    });
    expect(cost).toEqual({ scans: 0, rows: 0 });
  };

  it('is summed up without reading a version or a run, with no statistics to go by', summedUp);

  it.each([...LISTS.slice(0, 3), ...LISTS.filter(([title]) => title === 'a search that finds all')])(
    'is listed by %s in the order of an index, with no statistics to go by',
    async (_title, query, total) => {
      const cost = await twoPages(query, total);
      expect(cost.scans).toBe(0);
      expect(cost.rows).toBeLessThanOrEqual(2 * (25 + 1));
    },
  );

  it('is written and judged part by part without reading the rest, with no statistics to go by', async () => {
    const { inventory: written, orgId: org } = await SketchedInventory.in(rooms);
    await rooms.test.asSuperuser(filled(org));
    const origin = { runId: crypto.randomUUID(), sourceId: crypto.randomUUID() };
    const [model] = await written.applyModels(org, origin, [
      { name: 'new', createdAt: 1, updatedAt: 1, description: '', tags: new Map() },
    ]);
    if (!model) throw new Error('the model was not stored');
    const page = (description: string) =>
      Array.from({ length: PART }, (_, n) => ({
        ...{ model, version: String(n + 1), createdAt: n, updatedAt: n, stage: 'Production' as const },
        ...{ aliases: [], description, tags: new Map(), source: '', runId: null },
        ...{ evidence: null, experiment: null },
      }));
    const cost = await costOf(async () => {
      const { ids, created } = await written.apply(org, origin, page(''));
      expect(created).toBe(PART);
      await written.apply(org, origin, page('changed'));
      const facts = await written.factsOf(org, ids);
      const gaps = facts.map(({ id, hash, removedAt }) => ({
        id,
        hash,
        removedAt,
        openGaps: 1,
        requirements: [],
      }));
      await written.setOpenGaps(org, gaps);
    });
    expect(cost.rows).toBeLessThanOrEqual(30 * PART);
  });

  describe('that Postgres has looked at', () => {
    beforeAll(() => rooms.test.asSuperuser('ANALYZE'));

    it.each(LISTS)('is listed by %s without reading it from end to end', async (_title, query, total) => {
      const cost = await twoPages(query, total);
      expect(cost.scans).toBe(0);
      expect(cost.rows).toBeLessThanOrEqual(MOST_READ);
    });

    it('would be seen where it is read from end to end', async () => {
      const sql = `SELECT count(*) FROM model_version WHERE description = 'none'`;
      const cost = await costOf(() => rooms.database.orgTransaction(orgId, (tx) => tx.query(sql)));
      expect(cost.rows).toBeGreaterThanOrEqual(VERSIONS);
    });

    it('is summed up without reading a version or a run', summedUp);

    it('is searched by a read of its models also where the statistics know only others', async () => {
      orgId = await rooms.createOrganization();
      await rooms.test.asSuperuser(filled(orgId));
      // A look through all models for each version takes longer than a test may.
      const cost = await costOf(async () => {
        const found = await inventory.versions(orgId, { search: 'MODEL-1234' });
        expect(found.total).toBe(VERSIONS / MODELS);
      });
      expect(cost.scans).toBe(0);
    });

    it('is searched for what changed longest ago without reading all that changed since', async () => {
      orgId = await rooms.createOrganization();
      await rooms.test.asSuperuser(`${filled(orgId)};
        UPDATE model_count SET search_name = 'ancient-' || search_name
        WHERE org_id = '${orgId}' AND substr(search_name, 7)::int <= 100;
        UPDATE model_version SET updated_at = updated_at - interval '1 year'
        WHERE org_id = '${orgId}' AND substr(model_name, 7)::int <= 100;
        ANALYZE`);
      const cost = await costOf(async () => {
        const first = await inventory.versions(orgId, { search: 'ANCIENT', limit: 25 });
        expect([first.items.length, first.total]).toEqual([25, (100 * VERSIONS) / MODELS]);
      });
      expect(cost.scans).toBe(0);
      expect(cost.rows).toBeLessThanOrEqual(MOST_READ);
    });
  });
});
