import { Database } from '@vw/platform';
import type { Requirement, Stage, VersionQuery } from '@vw/shared-contracts';
import type { TestRooms } from '@vw/testing';
import fc from 'fast-check';
import { HISTORY } from './random-registries.fixture';
import { SketchedInventory } from './registry.fixture';

const STAGES: readonly (Stage | undefined)[] = [undefined, 'Staging', 'Production'];
const SEARCHES: readonly (string | undefined)[] = [undefined, 'FRAU'];
const GAPS: readonly VersionQuery['gap'][] = [undefined, 'any', 'bias-assessment'];
const LACKING = fc.subarray<Requirement>(['bias-assessment', 'security-review', 'privacy-evaluation']);

describe('what lists and cards count', () => {
  let rooms: TestRooms;
  let upstream: SketchedInventory;

  /** Every total that a list can show, and the cards, as the rows themselves say. */
  const counted = async () => {
    const rows = await storedRows();
    const totals = questions().map(
      ({ search, stage, gap, removed }) =>
        rows.filter(
          (row) =>
            (!search || row.model_name.toUpperCase().includes(search)) &&
            (removed || row.removed_at === null) &&
            (!stage || row.stage === stage) &&
            (!gap || (gap === 'any' ? row.gaps.length > 0 : row.gaps.includes(gap))),
        ).length,
    );
    const held = rows.filter((row) => row.removed_at === null);
    return { totals, experiments: new Set(held.flatMap((row) => row.experiment_id ?? [])).size };
  };

  const told = async () => {
    const totals: (number | null)[] = [];
    for (const { removed, ...query } of questions()) {
      const asked = { ...query, ...(removed ? { removed: 'true' as const } : {}), limit: 1 };
      totals.push((await upstream.inventory.versions(upstream.orgId, asked)).total);
    }
    return { totals, experiments: (await upstream.inventory.summary(upstream.orgId)).experiments };
  };

  const questions = () =>
    [false, true].flatMap((removed) =>
      STAGES.flatMap((stage) =>
        GAPS.flatMap((gap) =>
          SEARCHES.map((search) => ({
            removed,
            ...(search ? { search } : {}),
            ...(stage ? { stage } : {}),
            ...(gap ? { gap } : {}),
          })),
        ),
      ),
    );

  interface Row {
    model_name: string;
    stage: Stage;
    gaps: string[];
    removed_at: Date | null;
    experiment_id: string | null;
  }
  const storedRows = () =>
    inTransaction<Row>(
      `SELECT v.model_name, v.stage, coalesce(v.gap_requirements, '{}') AS gaps, v.removed_at, r.experiment_id FROM model_version v
       LEFT JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id`,
    );
  const inTransaction = <Found>(sql: string) =>
    rooms.app.get(Database).orgTransaction(upstream.orgId, (tx) => tx.query<Found>(sql));

  /** As an evaluation would, of some versions. */
  const findGaps = async (lacking: readonly Requirement[]) => {
    const facts = await upstream.inventory.factsOf(upstream.orgId, upstream.versionIds.slice(0, 3));
    const gaps = facts.map(({ id, hash, removedAt }) => ({ id, hash, removedAt }));
    const judged = { openGaps: lacking.length, requirements: lacking };
    await upstream.inventory.setOpenGaps(
      upstream.orgId,
      gaps.map((one) => ({ ...one, ...judged })),
    );
    await upstream.inventory.setNoGapsWhereNotLive(upstream.orgId, upstream.versionIds);
  };

  beforeAll(async () => {
    rooms = await SketchedInventory.start();
  });

  afterAll(() => rooms?.close());

  it('is what the rows say after every step of any history, folded or not', async () => {
    await fc.assert(
      fc.asyncProperty(HISTORY, fc.array(LACKING, { minLength: 1 }), async (history, findings) => {
        upstream = await SketchedInventory.in(rooms);
        const written = async () => expect(await told()).toEqual(await counted());
        for (const [step, { registry, pageSize }] of history.entries()) {
          await upstream.sync(registry, { pageSize, written });
          await findGaps(findings[step % findings.length] ?? []);
          await written();
          if (step % 3 > 0) continue;
          await upstream.inventory.foldCounts(upstream.orgId);
          await written();
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  }, 240_000);

  it('stays few rows to read, however often versions move', async () => {
    upstream = await SketchedInventory.in(rooms);
    await inTransaction(
      `INSERT INTO version_count (org_id, stage, removed, gap_requirements, versions)
       SELECT app_org(), 'Staging', false, '{}', CASE WHEN n % 2 = 0 THEN 2 ELSE -1 END FROM generate_series(1, 1200) n`,
    );
    await inTransaction(
      `INSERT INTO model_count (org_id, model_id, search_name, removed, none, staging, production, archived)
       SELECT app_org(), md5('m')::uuid, 'm', n % 2 = 0, 0, 1, 0, 0 FROM generate_series(1, 1200) n`,
    );
    await inTransaction(
      `INSERT INTO experiment_count (org_id, source_id, experiment_id, versions)
       SELECT app_org(), md5('s')::uuid, (n % 2)::text, 1 - (n % 2) FROM generate_series(1, 1200) n`,
    );
    await upstream.inventory.foldCounts(upstream.orgId);
    expect(await inTransaction('SELECT stage, versions FROM version_count')).toEqual([
      { stage: 'Staging', versions: 600 },
    ]);
    expect(await inTransaction('SELECT removed, none, staging FROM model_count ORDER BY removed')).toEqual([
      { removed: false, none: 0, staging: 600 },
      { removed: true, none: 0, staging: 600 },
    ]);
    expect(await inTransaction('SELECT experiment_id, versions FROM experiment_count')).toEqual([
      { experiment_id: '0', versions: 600 },
    ]);
  });
});
