import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appFunction, ORGANIZATION, tenantTable } from './tenancy';

/** The one connection of each organization, its last test, when it is due, and how far its polls have seen; what MLflow delivers. */
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
        workspaces_listed integer,
        known_workspaces text[] NOT NULL DEFAULT '{}',
        server_version text,
        last_test_at timestamptz,
        last_test_code text,
        last_successful_test_at timestamptz,
        next_sync_at timestamptz NOT NULL,
        next_poll_at timestamptz NOT NULL DEFAULT now(),
        models_seen_at timestamptz,
        versions_seen_at timestamptz,
        poll_finding text,
        light_error_code text,
        light_error_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX mlflow_connection_next_sync_at ON mlflow_connection (next_sync_at);
      CREATE INDEX mlflow_connection_next_poll_at ON mlflow_connection (next_poll_at)
        WHERE poll_seconds > 0 AND versions_seen_at IS NOT NULL;
      ${tenantTable('mlflow_connection')}

      -- Which organizations are due, across all of them. Each is claimed in a transaction of its own.
      CREATE FUNCTION due_connections(most integer) RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT c.org_id FROM mlflow_connection c WHERE c.next_sync_at <= now() ORDER BY c.next_sync_at LIMIT most;
        END;
      ${appFunction('due_connections(integer)')}

      -- Claims the light polls that are due, across all organizations, in one statement: however many workers there are, each poll once.
      CREATE FUNCTION claim_polls(most integer) RETURNS SETOF uuid
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          UPDATE mlflow_connection c SET next_poll_at = now() + make_interval(secs => c.poll_seconds)
          WHERE c.org_id IN (
            SELECT d.org_id FROM mlflow_connection d
            WHERE d.poll_seconds > 0 AND d.versions_seen_at IS NOT NULL AND d.next_poll_at <= now()
            ORDER BY d.next_poll_at LIMIT most FOR UPDATE SKIP LOCKED
          )
          RETURNING c.org_id;
        END;
      ${appFunction('claim_polls(integer)')}

      CREATE TABLE mlflow_webhook (
        org_id uuid PRIMARY KEY ${ORGANIZATION},
        hook_id uuid NOT NULL,
        origin text NOT NULL,
        state text NOT NULL CHECK (state IN ('testing', 'enabled', 'left')),
        last_delivery_at timestamptz
      );
      CREATE UNIQUE INDEX mlflow_webhook_hook_id ON mlflow_webhook (hook_id);
      ${tenantTable('mlflow_webhook')}

      -- What was connected before a disconnect: another source asks first, and workspaces that are hidden stay known.
      CREATE TABLE former_source (
        org_id uuid PRIMARY KEY ${ORGANIZATION},
        tracking_server_url text NOT NULL,
        workspace text,
        known_workspaces text[] NOT NULL,
        revision integer NOT NULL
      );
      ${tenantTable('former_source')}

      -- Deliveries that came, for as long as their signature is valid.
      CREATE TABLE webhook_delivery (
        org_id uuid NOT NULL ${ORGANIZATION},
        id text NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE INDEX webhook_delivery_received_at ON webhook_delivery (org_id, received_at);
      ${tenantTable('webhook_delivery')}

      -- Models that a delivery named and no run has read since, JSON-escaped, with when they were named last.
      CREATE TABLE unread_delivery (
        org_id uuid NOT NULL ${ORGANIZATION},
        model_name text NOT NULL,
        delivered_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, model_name)
      );
      ${tenantTable('unread_delivery')}

      CREATE FUNCTION find_webhook(wanted uuid) RETURNS TABLE (org_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT w.org_id FROM mlflow_webhook w WHERE w.hook_id = wanted AND w.state <> 'left';
        END;
      ${appFunction('find_webhook(uuid)')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
