/** Whether the container's own process is well: the API by its answer, the worker by the sign of life that it gives the database. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import pg from 'pg';

/** A worker says every 15 s that it lives. In seconds. */
const SILENT_AFTER_SECONDS = 60;

const command = readFileSync('/proc/1/cmdline', 'utf8');
const isWell = command.includes('apps/worker') ? await workerIsWell() : await apiIsWell();
process.exit(isWell ? 0 : 1);

async function apiIsWell() {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`);
  return answer.ok;
}

async function workerIsWell() {
  const { DATABASE_URL, DATABASE_URL_FILE } = process.env;
  const client = new pg.Client({
    connectionString: DATABASE_URL || readFileSync(DATABASE_URL_FILE, 'utf8').trim(),
  });
  await client.connect();
  const { rowCount } = await client.query(
    'SELECT FROM worker_heartbeat WHERE starts_with(worker_id, $1) AND last_seen_at > now() - make_interval(secs => $2)',
    [`${hostname()}-`, SILENT_AFTER_SECONDS],
  );
  await client.end();
  return rowCount > 0;
}
