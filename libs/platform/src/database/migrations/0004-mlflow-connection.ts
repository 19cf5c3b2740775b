import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appFunction, ORGANIZATION, tenantTable } from './tenancy';

/** The one connection of each organization, its last test, and when it is due. */
export class MlflowConnection1790000000004 implements MigrationInterface {
  readonly name = 'MlflowConnection1790000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mlflow_connection (
        org_id uuid PRIMARY KEY ${ORGANIZATION},
        revision integer NOT NULL DEFAULT 1,
        tracking_server_url text NOT NULL,
        request_timeout_seconds integer NOT NULL,
        auth_method text NOT NULL CHECK (auth_method IN ('none', 'basic', 'token')),
        username text,
        verify_tls boolean NOT NULL,
        workspace text,
        poll_seconds integer NOT NULL,
        ca_certificate text,
        server_version text,
        last_test_at timestamptz,
        last_test_code text,
        last_successful_test_at timestamptz,
        next_sync_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX mlflow_connection_next_sync_at ON mlflow_connection (next_sync_at);
      ${tenantTable('mlflow_connection')}

      -- Which organizations are due, across all of them. Each is claimed in a transaction of its own.
      CREATE FUNCTION due_connections(most integer) RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT c.org_id FROM mlflow_connection c WHERE c.next_sync_at <= now() ORDER BY c.next_sync_at LIMIT most;
        END;
      ${appFunction('due_connections(integer)')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
