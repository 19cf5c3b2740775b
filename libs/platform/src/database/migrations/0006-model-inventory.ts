import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ORGANIZATION, tenantTable } from './tenancy';

/**
 * Adds what a statement changed in the counts; nothing for one that changed none of them. A version is never deleted but with its
 * organization, and the counts go with it then.
 */
function countedBy(name: string, rows: string): string {
  return `
      CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO version_count (org_id, stage, removed, gap_requirements, versions)
        SELECT org_id, stage, removed_at IS NOT NULL, coalesce(gap_requirements, '{}'), sum(n) FROM ${rows} v
        GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
        INSERT INTO model_count (org_id, model_id, search_name, removed, none, staging, production, archived)
        SELECT * FROM (
          SELECT org_id, model_id, lower(model_name), removed_at IS NOT NULL,
            ${['None', 'Staging', 'Production', 'Archived'].map(countOf).join(', ')}
          FROM ${rows} v GROUP BY 1, 2, 3, 4
        ) changed (org_id, model_id, search_name, removed, none, staging, production, archived)
        WHERE (none, staging, production, archived) <> (0, 0, 0, 0);
        INSERT INTO experiment_count (org_id, source_id, experiment_id, versions)
        SELECT org_id, source_id, experiment_id, sum(n) FROM ${rows} v
        WHERE removed_at IS NULL AND experiment_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
        RETURN NULL;
      END $$;`;
}

function countOf(stage: string): string {
  return `coalesce(sum(n) FILTER (WHERE stage = '${stage}'), 0)`;
}

/**
 * What was synced. Ids of models and versions are digests of their whole identity (source, workspace, name, creation timestamps), so
 * that a page of upstream rows finds its stored twins by primary key alone. Columns of fixed width stand first, where a scan reaches them
 * without a walk through texts.
 */
export class ModelInventory1790000000006 implements MigrationInterface {
  readonly name = 'ModelInventory1790000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE model (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL,
        source_id uuid NOT NULL,
        first_run_id uuid NOT NULL,
        changed_run_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        removed_at timestamptz,
        name text NOT NULL,
        raw_name text,
        description text NOT NULL,
        tags jsonb NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (org_id, id)
      );
      CREATE INDEX model_source ON model (org_id, source_id);
      ${tenantTable('model')}

      CREATE TABLE experiment (
        org_id uuid NOT NULL ${ORGANIZATION},
        source_id uuid NOT NULL,
        experiment_id text NOT NULL,
        name text NOT NULL,
        artifact_location text NOT NULL,
        lifecycle text NOT NULL,
        PRIMARY KEY (org_id, source_id, experiment_id)
      );
      ${tenantTable('experiment')}

      CREATE TABLE run (
        org_id uuid NOT NULL ${ORGANIZATION},
        source_id uuid NOT NULL,
        run_id text NOT NULL,
        state text NOT NULL CHECK (state IN ('active', 'deleted', 'missing', 'unreadable')),
        status text,
        experiment_id text,
        metrics jsonb NOT NULL,
        parameters jsonb NOT NULL,
        commit text,
        creator text,
        datasets jsonb NOT NULL,
        PRIMARY KEY (org_id, source_id, run_id)
      );
      -- Not led by org_id: before statistics exist the planner would prefer it to the key, and read all runs for each version.
      CREATE INDEX run_experiment ON run (experiment_id, org_id, source_id);
      ${tenantTable('run')}

      CREATE TABLE model_version (
        org_id uuid NOT NULL,
        id uuid NOT NULL,
        model_id uuid NOT NULL,
        source_id uuid NOT NULL,
        first_run_id uuid NOT NULL,
        changed_run_id uuid NOT NULL,
        version_number bigint NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        removed_at timestamptz,
        open_gaps integer,
        live boolean NOT NULL,
        model_name text NOT NULL,
        version text NOT NULL,
        stage text NOT NULL CHECK (stage IN ('None', 'Staging', 'Production', 'Archived')),
        aliases text[] NOT NULL,
        description text NOT NULL,
        tags jsonb NOT NULL,
        source_uri text NOT NULL,
        run_id text,
        evidence_id text,
        experiment_id text,
        hash bytea NOT NULL,
        PRIMARY KEY (org_id, id),
        -- Through the model to the organization: a key of its own would be checked once more for each of 100,000 rows.
        CONSTRAINT model_version_model FOREIGN KEY (org_id, model_id) REFERENCES model (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX model_version_model_id ON model_version (org_id, model_id);
      CREATE INDEX model_version_evidence ON model_version (org_id, source_id, evidence_id);
      CREATE INDEX model_version_by_name ON model_version (org_id, model_name, id);
      CREATE INDEX model_version_by_number ON model_version (org_id, version_number, id);
      CREATE INDEX model_version_by_stage ON model_version (org_id, stage, id);
      CREATE INDEX model_version_by_created_at ON model_version (org_id, created_at, id);
      CREATE INDEX model_version_by_updated_at ON model_version (org_id, updated_at, id);
      ${tenantTable('model_version')}

      -- Sums of these are what lists and cards count. Added to and never updated, so that no writer waits for another one.
      CREATE TABLE version_count (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        stage text NOT NULL,
        removed boolean NOT NULL,
        gap_requirements text[] NOT NULL,
        versions integer NOT NULL,
        PRIMARY KEY (org_id, id)
      );
      ${tenantTable('version_count', { privileges: 'SELECT, INSERT, DELETE' })}
      -- By model, for what a search finds are models: one reading of these names tells which, and how many versions of each stage.
      CREATE TABLE model_count (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        model_id uuid NOT NULL,
        none integer NOT NULL,
        staging integer NOT NULL,
        production integer NOT NULL,
        archived integer NOT NULL,
        removed boolean NOT NULL,
        search_name text NOT NULL,
        PRIMARY KEY (org_id, id)
      );
      ${tenantTable('model_count', { privileges: 'SELECT, INSERT, DELETE' })}
      CREATE TABLE experiment_count (
        org_id uuid NOT NULL ${ORGANIZATION},
        id uuid NOT NULL DEFAULT uuidv7(),
        source_id uuid NOT NULL,
        experiment_id text NOT NULL,
        versions integer NOT NULL,
        PRIMARY KEY (org_id, id)
      );
      ${tenantTable('experiment_count', { privileges: 'SELECT, INSERT, DELETE' })}
      ${countedBy('count_new_versions', '(SELECT *, 1 AS n FROM new_rows)')}
      CREATE TRIGGER count_new_versions AFTER INSERT ON model_version REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION count_new_versions();
      ${countedBy('count_changed_versions', '(SELECT *, 1 AS n FROM new_rows UNION ALL SELECT *, -1 FROM old_rows)')}
      CREATE TRIGGER count_changed_versions AFTER UPDATE ON model_version REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION count_changed_versions();

      -- Not seen by whole reads, from the first to the last of them without a gap; open until seen again, removed or confirmed.
      CREATE TABLE held_version (
        org_id uuid NOT NULL ${ORGANIZATION},
        version_id uuid NOT NULL,
        first_run_id uuid NOT NULL,
        last_run_id uuid NOT NULL,
        open boolean NOT NULL DEFAULT true,
        model_listed boolean NOT NULL DEFAULT false,
        PRIMARY KEY (org_id, version_id, first_run_id),
        CONSTRAINT held_version_version FOREIGN KEY (org_id, version_id) REFERENCES model_version (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX held_version_open ON held_version (org_id, version_id) WHERE open;
      CREATE INDEX held_version_last_run ON held_version (org_id, last_run_id);
      ${tenantTable('held_version')}

      CREATE TABLE version_change (
        org_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT uuidv7(),
        version_id uuid NOT NULL,
        run_id uuid NOT NULL,
        field text NOT NULL,
        old jsonb,
        new jsonb,
        observed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT version_change_version FOREIGN KEY (org_id, version_id) REFERENCES model_version (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX version_change_version_id ON version_change (org_id, version_id, id);
      CREATE INDEX version_change_run_id ON version_change (org_id, run_id, id);
      ${tenantTable('version_change', { privileges: 'SELECT, INSERT' })}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
