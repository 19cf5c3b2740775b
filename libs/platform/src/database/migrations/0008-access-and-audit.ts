import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appFunction, ORGANIZATION, tenantTable } from './tenancy';

/** Keys for programs, and the indexes that the trail is read by. */
export class AccessAndAudit1790000000008 implements MigrationInterface {
  readonly name = 'AccessAndAudit1790000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_key (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        name text NOT NULL,
        token_hash bytea NOT NULL,
        scopes text[] NOT NULL
          CONSTRAINT api_key_scopes_check CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'sync', 'gate']),
        created_by uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        last_used_at timestamptz,
        revoked_at timestamptz,
        PRIMARY KEY (org_id, id),
        CONSTRAINT api_key_creator FOREIGN KEY (org_id, created_by) REFERENCES user_account (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX api_key_token_hash ON api_key (token_hash);
      -- Never deleted: the trail names keys that were revoked long ago.
      ${tenantTable('api_key', { privileges: 'SELECT, INSERT, UPDATE' })}

      CREATE FUNCTION find_api_key(wanted bytea) RETURNS TABLE (org_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT k.org_id FROM api_key k WHERE k.token_hash = wanted;
        END;
      ${appFunction('find_api_key(bytea)')}

      -- For the command that verifies every trail of the database.
      CREATE FUNCTION organization_ids() RETURNS TABLE (id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT o.id FROM organization o ORDER BY o.id;
        END;
      ${appFunction('organization_ids()')}

      CREATE INDEX audit_event_actor ON audit_event (org_id, actor_id, seq);
      CREATE INDEX audit_event_action ON audit_event (org_id, action, seq);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
