import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ORGANIZATION, tenantTable } from './tenancy';

/** Sealed secrets, and the check value that tells a wrong key from a right one. */
export class CredentialVault1790000000003 implements MigrationInterface {
  readonly name = 'CredentialVault1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vault_key (
        kid text PRIMARY KEY,
        check_value bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      GRANT SELECT, INSERT ON vault_key TO vw_app;

      CREATE TABLE credential (
        org_id uuid NOT NULL ${ORGANIZATION},
        slot text NOT NULL,
        format smallint NOT NULL,
        kid text NOT NULL,
        origin text NOT NULL,
        wrapped_key bytea NOT NULL,
        sealed bytea NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, slot)
      );
      CREATE INDEX credential_kid ON credential (org_id, kid);
      ${tenantTable('credential')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
