import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appFunction, ORGANIZATION, tenantTable } from './tenancy';

/** Every attempt to sync, and which workers live. */
export class SyncHistory1790000000005 implements MigrationInterface {
  readonly name = 'SyncHistory1790000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sync_run (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        trigger text NOT NULL CHECK (trigger IN ('scheduled', 'manual', 'poll', 'webhook')),
        requested_by text,
        model_names text[],
        status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
        attempt integer NOT NULL DEFAULT 0,
        requested_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz,
        heartbeat_at timestamptz,
        phase text NOT NULL DEFAULT 'connecting',
        current_model text,
        models integer NOT NULL DEFAULT 0,
        versions integer NOT NULL DEFAULT 0,
        total integer,
        created integer NOT NULL DEFAULT 0,
        updated integer NOT NULL DEFAULT 0,
        unchanged integer NOT NULL DEFAULT 0,
        removed integer NOT NULL DEFAULT 0,
        held integer NOT NULL DEFAULT 0,
        requests integer NOT NULL DEFAULT 0,
        complete boolean NOT NULL DEFAULT false,
        error_code text,
        evaluated_at timestamptz,
        PRIMARY KEY (org_id, id)
      );
      -- At most one scheduled or manual run at a time: the second click finds the first one's row.
      CREATE UNIQUE INDEX sync_run_active ON sync_run (org_id)
        WHERE status IN ('queued', 'running') AND trigger IN ('scheduled', 'manual');
      CREATE INDEX sync_run_unfinished ON sync_run (requested_at) WHERE status IN ('queued', 'running');
      ${tenantTable('sync_run')}

      CREATE TABLE worker_heartbeat (
        worker_id text PRIMARY KEY,
        last_seen_at timestamptz NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON worker_heartbeat TO vw_app;

      -- Runs that nobody works on: queued and never fetched, or running without a sign of life.
      CREATE FUNCTION abandoned_runs(queued_seconds integer, silent_seconds integer) RETURNS TABLE (org_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT r.org_id, r.id FROM sync_run r
          WHERE (r.status = 'queued' AND r.requested_at < now() - make_interval(secs => queued_seconds))
             OR (r.status = 'running' AND r.heartbeat_at < now() - make_interval(secs => silent_seconds));
        END;
      ${appFunction('abandoned_runs(integer, integer)')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
