import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appFunction, ORGANIZATION, tenantTable } from './tenancy';

/** What people answer for and what the rules found. Attestations, moves of findings and what else tells of the past are only ever added. */
export class Governance1790000000007 implements MigrationInterface {
  readonly name = 'Governance1790000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Which reviews a version lacks; as open_gaps, null from its own change until its evaluation.
      ALTER TABLE model_version ADD COLUMN gap_requirements text[];
      -- Few have gaps: without it the newest of them would be looked for among all versions.
      CREATE INDEX model_version_with_gaps ON model_version (org_id, updated_at, id) WHERE gap_requirements <> '{}';

      CREATE TABLE governance_state (
        org_id uuid PRIMARY KEY ${ORGANIZATION},
        catalogue_version text,
        evaluated_at timestamptz
      );
      ${tenantTable('governance_state')}

      CREATE TABLE inventory_entry (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        model_id uuid NOT NULL,
        model_name text NOT NULL,
        registered_at timestamptz NOT NULL,
        owner text,
        purpose text,
        risk_tier text CHECK (risk_tier IN ('minimal', 'limited', 'high', 'unacceptable')),
        approval_status text NOT NULL DEFAULT 'pending' CHECK (approval_status IN ('pending', 'approved', 'restricted', 'blocked')),
        approved_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, model_id) REFERENCES model (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX inventory_entry_model_id ON inventory_entry (org_id, model_id);
      CREATE INDEX inventory_entry_by_name ON inventory_entry (org_id, model_name, id);
      ${tenantTable('inventory_entry', { privileges: 'SELECT, INSERT, UPDATE' })}

      -- What an entry became, each time that somebody changed it.
      CREATE TABLE inventory_entry_change (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        entry_id uuid NOT NULL,
        owner text,
        purpose text,
        risk_tier text,
        approval_status text NOT NULL,
        approved_at timestamptz,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, entry_id) REFERENCES inventory_entry (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX inventory_entry_change_entry_id ON inventory_entry_change (org_id, entry_id, id);
      ${tenantTable('inventory_entry_change', { privileges: 'SELECT, INSERT' })}

      -- From when on which version of the catalogue has judged.
      CREATE TABLE catalogue_use (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        catalogue_version text NOT NULL,
        used_since timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (org_id, id)
      );
      ${tenantTable('catalogue_use', { privileges: 'SELECT, INSERT' })}

      -- What the gate answered of versions that it knew.
      CREATE TABLE gate_answer (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        version_id uuid NOT NULL,
        target text NOT NULL,
        verdict text NOT NULL CHECK (verdict IN ('allow', 'deny', 'unknown')),
        reasons jsonb NOT NULL,
        catalogue_version text NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, version_id) REFERENCES model_version (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX gate_answer_version_id ON gate_answer (org_id, version_id, id);
      ${tenantTable('gate_answer', { privileges: 'SELECT, INSERT' })}

      CREATE TABLE attestation (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        version_id uuid NOT NULL,
        requirement text NOT NULL CHECK (requirement IN ('bias-assessment', 'security-review', 'privacy-evaluation')),
        result text NOT NULL CHECK (result IN ('passed', 'failed')),
        evidence_url text,
        evidence_sha256 text CHECK (evidence_sha256 ~ '^[0-9a-f]{64}$'),
        expires_at timestamptz NOT NULL,
        note text,
        signer_id uuid,
        signer_name text NOT NULL,
        signer_email text,
        by_owner boolean NOT NULL,
        attested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, version_id) REFERENCES model_version (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX attestation_version_id ON attestation (org_id, version_id, requirement, id);
      ${tenantTable('attestation', { privileges: 'SELECT, INSERT' })}

      CREATE TABLE waiver (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        version_id uuid NOT NULL,
        rule text NOT NULL,
        reason text NOT NULL,
        ends_at timestamptz NOT NULL,
        requester_id uuid,
        requester_name text NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        approver_id uuid,
        approver_name text,
        approved_at timestamptz,
        status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'approved', 'refused', 'withdrawn')),
        closer_id uuid,
        closer_name text,
        closed_reason text,
        closed_at timestamptz,
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, version_id) REFERENCES model_version (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX waiver_version_id ON waiver (org_id, version_id, rule, id);
      CREATE INDEX waiver_waiting ON waiver (org_id, ends_at) WHERE status = 'requested';
      ${tenantTable('waiver', { privileges: 'SELECT, INSERT, UPDATE' })}

      CREATE TABLE finding (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        version_id uuid NOT NULL,
        rule text NOT NULL,
        severity text NOT NULL CHECK (severity IN ('critical', 'high', 'medium')),
        model_name text NOT NULL,
        version text NOT NULL,
        stage text NOT NULL,
        required boolean NOT NULL,
        known boolean NOT NULL,
        lack text CHECK (lack IN ('missing', 'failed', 'expired')),
        status text NOT NULL CHECK (status IN ('open', 'acknowledged', 'satisfied', 'waived', 'closed')),
        since timestamptz NOT NULL,
        reason text NOT NULL,
        due_at timestamptz,
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, version_id) REFERENCES model_version (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX finding_version_id ON finding (org_id, version_id, rule);
      CREATE INDEX finding_since ON finding (org_id, since, id);
      CREATE INDEX finding_due_at ON finding (due_at) WHERE due_at IS NOT NULL;
      ${tenantTable('finding', { privileges: 'SELECT, INSERT, UPDATE' })}

      CREATE TABLE finding_move (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        finding_id uuid NOT NULL,
        old text,
        new text NOT NULL,
        reason text NOT NULL,
        severity text NOT NULL,
        stage text NOT NULL,
        known boolean NOT NULL,
        lack text,
        since timestamptz NOT NULL,
        run_id uuid,
        moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, finding_id) REFERENCES finding (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX finding_move_finding_id ON finding_move (org_id, finding_id, id);
      ${tenantTable('finding_move', { privileges: 'SELECT, INSERT' })}

      CREATE INDEX sync_run_unevaluated ON sync_run (finished_at) WHERE finished_at IS NOT NULL AND evaluated_at IS NULL;

      -- Ended runs that the rules have not looked at: one an organization, its newest.
      CREATE FUNCTION unevaluated_runs(ended_seconds integer) RETURNS TABLE (org_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT DISTINCT ON (r.org_id) r.org_id, r.id FROM sync_run r
          WHERE r.evaluated_at IS NULL AND r.finished_at < now() - make_interval(secs => ended_seconds)
          ORDER BY r.org_id, r.id DESC;
        END;
      ${appFunction('unevaluated_runs(integer)')}

      -- Organizations where an attestation or a waiver ran out, whether or not their MLflow still answers.
      CREATE FUNCTION lapsed_findings() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
          SELECT DISTINCT f.org_id FROM finding f WHERE f.due_at <= now();
        END;
      ${appFunction('lapsed_findings()')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
