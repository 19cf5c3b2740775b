import type { TestDatabase } from '../database';

/** What no fault may leave behind, done on purpose to a held `fraud` version 1, and the words in which the look must say so. */
export const INJURIES: readonly { sql: string; rule: string }[] = [
  { sql: 'DELETE FROM model_version', rule: 'version lost: fraud/1' },
  { sql: `UPDATE model_version SET version = '2'`, rule: 'version invented: fraud/2' },
  {
    sql: `INSERT INTO model_version SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid()))).* FROM model_version v`,
    rule: 'a version is held once',
  },
  { sql: 'DELETE FROM run', rule: 'a version is written whole' },
  { sql: `UPDATE model_version SET stage = 'Staging'`, rule: 'stage is held as "Staging"' },
  { sql: `DELETE FROM version_change WHERE field = 'version'`, rule: 'a version is first seen once' },
  {
    sql: 'UPDATE version_change SET run_id = gen_random_uuid()',
    rule: 'a change names a run of the history',
  },
  {
    sql: `INSERT INTO version_change (org_id, version_id, run_id, field, old, new)
         SELECT org_id, v.id, first_run_id, 'stage', old, new FROM model_version v
         CROSS JOIN (VALUES (1, '"None"'::jsonb, '"Staging"'::jsonb), (2, '"Archived"', '"None"')) c (place, old, new) ORDER BY place`,
    rule: 'a change begins where the one before it ended',
  },
  {
    sql: `INSERT INTO version_change (org_id, version_id, run_id, field, old, new)
         SELECT org_id, id, first_run_id, 'stage', '"None"', '"Staging"' FROM model_version`,
    rule: 'the newest change of a field ends at what is held',
  },
  {
    sql: 'UPDATE version_count SET versions = versions + 1',
    rule: 'what lists and cards count is what is held',
  },
  {
    sql: 'UPDATE model_count SET staging = staging + 1',
    rule: 'what a search counts of a model is what is held',
  },
  {
    sql: `UPDATE model_count SET search_name = 'other'`,
    rule: 'what a search counts of a model is what is held',
  },
  { sql: 'DELETE FROM experiment_count', rule: 'the experiments that cards count' },
  { sql: 'UPDATE sync_run SET created = created + 1', rule: 'a run counts what it created and removed' },
  {
    sql: `INSERT INTO version_change (org_id, version_id, run_id, field, old, new)
         SELECT org_id, id, first_run_id, 'description', '""', '""' FROM model_version;
         UPDATE model_version SET first_run_id = gen_random_uuid()`,
    rule: 'a run counts no fewer updates',
  },
  {
    sql: 'UPDATE sync_run SET unchanged = unchanged + 1',
    rule: 'created, updated and unchanged of a whole read are what it saw',
  },
  {
    sql: 'UPDATE sync_run SET attempt = 2, versions = versions + 1',
    rule: 'created, updated and unchanged of a whole read are what it saw',
  },
  { sql: 'UPDATE sync_run SET finished_at = NULL', rule: 'a run has ended or goes on' },
  {
    sql: `DELETE FROM audit_event WHERE action = 'sync.ended'`,
    rule: 'the trail tells each end of a run once',
  },
  {
    sql: `UPDATE sync_run SET status = 'cancelled'; DELETE FROM audit_event WHERE action = 'sync.ended'`,
    rule: 'the trail tells each end of a run once',
  },
  {
    sql: `UPDATE audit_event SET body = replace(body, 'spec', 'SPEC') || ' ' WHERE seq = 1`,
    rule: 'the trail is one chain',
  },
];

const INJURED = [
  ...['model_version', 'version_change', 'version_count', 'model_count', 'experiment_count'],
  ...['sync_run', 'run', 'audit_event'],
];

/** Hurts the tables, looks, and puts back every row. */
export async function whileHurt<Found>(
  test: TestDatabase,
  sql: string,
  look: () => Promise<Found>,
): Promise<Found> {
  const copies = INJURED.map((table) => `CREATE TABLE kept_${table} AS TABLE ${table};`).join('\n');
  // Without triggers, so that no foreign key repairs or forbids what only an accident would do.
  await test.asSuperuser(`${copies} SET session_replication_role = replica; ${sql}`);
  const found = await look();
  const back = INJURED.map(
    (table) => `DELETE FROM ${table}; INSERT INTO ${table} TABLE kept_${table}; DROP TABLE kept_${table};`,
  );
  await test.asSuperuser(`SET session_replication_role = replica; ${back.join('\n')}`);
  return found;
}
