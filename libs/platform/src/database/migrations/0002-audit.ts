import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ORGANIZATION, tenantTable } from './tenancy';

/** The append-only trail: the app may add and read, never change. */
export class Audit1790000000002 implements MigrationInterface {
  readonly name = 'Audit1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_event (
        org_id uuid NOT NULL ${ORGANIZATION},
        seq bigint NOT NULL,
        at timestamptz NOT NULL,
        actor_id uuid,
        action text NOT NULL,
        subject_id text,
        body text NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (org_id, seq)
      );
      CREATE INDEX audit_event_at ON audit_event (org_id, at);
      ${tenantTable('audit_event', { privileges: 'SELECT, INSERT' })}

      CREATE TABLE audit_head (
        org_id uuid PRIMARY KEY ${ORGANIZATION},
        seq bigint NOT NULL,
        hash bytea NOT NULL
      );
      ${tenantTable('audit_head', { privileges: 'SELECT, INSERT, UPDATE' })}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
