import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appFunction, ORGANIZATION, tenantTable } from './tenancy';

/** Organizations, people, sessions and the limits of sign-in. */
export class Identity1790000000001 implements MigrationInterface {
  readonly name = 'Identity1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE
        RETURN NULLIF(current_setting('app.org_id', true), '')::uuid;

      CREATE TABLE organization (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      ${tenantTable('organization', { column: 'id' })}

      CREATE TABLE user_account (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        name text NOT NULL,
        email text NOT NULL,
        role text NOT NULL CHECK (role IN ('admin', 'reviewer', 'auditor', 'viewer')),
        password_hash text NOT NULL,
        password_is_one_time boolean NOT NULL DEFAULT false,
        active boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX user_account_email ON user_account (lower(email));
      ${tenantTable('user_account')}

      CREATE TABLE session (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        user_id uuid NOT NULL,
        token_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT session_account FOREIGN KEY (org_id, user_id) REFERENCES user_account (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX session_token_hash ON session (token_hash);
      CREATE INDEX session_user_id ON session (org_id, user_id);
      ${tenantTable('session')}

      CREATE TABLE attempt_limit (
        key text PRIMARY KEY,
        attempts integer NOT NULL,
        window_started_at timestamptz NOT NULL DEFAULT now()
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON attempt_limit TO vw_app;

      CREATE FUNCTION setup_required() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        RETURN NOT EXISTS (SELECT FROM organization);
      ${appFunction('setup_required()')}

      CREATE FUNCTION organization_count() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        RETURN (SELECT count(*)::integer FROM organization);
      ${appFunction('organization_count()')}

      CREATE FUNCTION find_user_by_email(wanted text)
        RETURNS TABLE (org_id uuid, id uuid, password_hash text, active boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT u.org_id, u.id, u.password_hash, u.active FROM user_account u WHERE lower(u.email) = lower(wanted);
        END;
      ${appFunction('find_user_by_email(text)')}

      CREATE FUNCTION find_session(wanted bytea)
        RETURNS TABLE (org_id uuid, id uuid, user_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT s.org_id, s.id, s.user_id FROM session s WHERE s.token_hash = wanted;
        END;
      ${appFunction('find_session(bytea)')}

      CREATE FUNCTION delete_organization(wanted uuid) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          WITH gone AS (DELETE FROM organization o WHERE o.id = wanted AND o.id = app_org() RETURNING 1) SELECT EXISTS (SELECT FROM gone);
        END;
      ${appFunction('delete_organization(uuid)')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
