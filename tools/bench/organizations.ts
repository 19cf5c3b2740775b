import { until, type Product } from './product.ts';

/** Worker processes; the launcher brings the first one. */
export const WORKERS = 4;
export const VERSIONS_EACH = 500;
const DEADLINE_MS = 3_600_000;

export interface Waits {
  /** Where workers are told of syncs. */
  queue: 'Postgres' | 'Redis';
  organizations: number;
  /** From the moment of being due to the end of the sync, in milliseconds. */
  median: number;
  longest: number;
}

/** Many organizations of one MLflow become due in the same moment; every sync must end well. */
export async function measureWaits(
  product: Product,
  mlflowUrl: string,
  count: number,
): Promise<Omit<Waits, 'queue'>> {
  await product.addApi();
  await product.addWorkers(WORKERS - 1);
  return product.inDatabase(async (client) => {
    const ids = Array.from({ length: count }, () => crypto.randomUUID());
    const asEach = async (work: (id: string) => Promise<void>): Promise<void> => {
      await client.query('BEGIN');
      for (const id of ids) {
        await client.query(`SELECT set_config('app.org_id', $1, true)`, [id]);
        await work(id);
      }
      await client.query('COMMIT');
    };
    await asEach(async (id) => {
      await client.query(`INSERT INTO organization (id, name) VALUES ($1, 'Benchmark')`, [id]);
      await client.query(
        `INSERT INTO mlflow_connection (org_id, tracking_server_url, request_timeout_seconds, auth_method, verify_tls, poll_seconds, next_sync_at)
         VALUES ($1, $2, 300, 'none', true, 0, now())`,
        [id, mlflowUrl],
      );
    });
    const due = Date.now();
    const waits: number[] = [];
    await until(DEADLINE_MS, async () => {
      waits.length = 0;
      await asEach(async (id) => {
        const { rows } = await client.query<{ status: string; finished_at: Date | null; created: number }>(
          'SELECT status, finished_at, created FROM sync_run WHERE org_id = $1',
          [id],
        );
        const [run] = rows;
        if (!run?.finished_at) return;
        if (run.status !== 'succeeded' || run.created !== VERSIONS_EACH)
          throw new Error(`A sync ended as ${run.status} with ${run.created} versions.`);
        waits.push(+run.finished_at - due);
      });
      return waits.length === count;
    });
    waits.sort((a, b) => a - b);
    return { organizations: count, median: waits[count >> 1] ?? 0, longest: waits.at(-1) ?? 0 };
  });
}
