import { inOrder, type RegistryFacts, type VersionFacts } from './upstream.ts';

/** Runs one statement as superuser. */
export type Ask = <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

interface HeldRow extends Omit<VersionFacts, 'run' | 'createdAt' | 'updatedAt'> {
  key: string;
  state: string | null;
  status: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What the inventory holds and does not call removed, read from its tables and apart from the rooms. */
export async function readHeld(ask: Ask, orgId: string): Promise<RegistryFacts> {
  const models = await ask<{ name: string }>(
    'SELECT name FROM model WHERE org_id = $1 AND removed_at IS NULL',
    [orgId],
  );
  const rows = await ask<HeldRow>(
    `SELECT v.model_name || '/' || v.version AS key, v.stage, v.aliases, v.description, m.description AS "modelDescription",
       m.tags AS "modelTags", v.tags, v.source_uri AS source, v.run_id AS "runId", r.state, r.status,
       coalesce(r.metrics, '{}') AS metrics, coalesce(r.parameters, '{}') AS parameters,
       r.commit, r.creator, coalesce(r.datasets, '[]') AS datasets,
       CASE WHEN e.experiment_id IS NOT NULL THEN
         jsonb_build_object('id', e.experiment_id, 'name', e.name, 'artifactLocation', e.artifact_location) END AS experiment,
       v.created_at AS "createdAt", v.updated_at AS "updatedAt"
     FROM model_version v
     JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
     LEFT JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
     LEFT JOIN experiment e ON e.org_id = v.org_id AND e.source_id = v.source_id AND e.experiment_id = r.experiment_id
     WHERE v.org_id = $1 AND v.removed_at IS NULL`,
    [orgId],
  );
  return {
    models: models.map(({ name }) => name).sort(),
    versions: new Map(rows.map(({ key, ...row }) => [key, factsOf(row)])),
  };
}

function factsOf({ state, status, ...row }: Omit<HeldRow, 'key'>): VersionFacts {
  return {
    ...row,
    datasets: inOrder(row.datasets),
    run: row.runId === null ? null : { state: state ?? '', status },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** One sentence for each version, model or fact that the one knows and the other does not. */
export function differencesBetween(held: RegistryFacts, upstream: RegistryFacts): string[] {
  return [
    ...missing(upstream.models, held.models).map((name) => `model lost: ${name}`),
    ...missing(held.models, upstream.models).map((name) => `model invented: ${name}`),
    ...missing(keys(upstream), keys(held)).map((key) => `version lost: ${key}`),
    ...missing(keys(held), keys(upstream)).map((key) => `version invented: ${key}`),
    ...[...upstream.versions].flatMap(([key, facts]) => {
      const own = held.versions.get(key);
      return own ? factDifferences(key, own, facts) : [];
    }),
  ];
}

function keys({ versions }: RegistryFacts): string[] {
  return [...versions.keys()];
}

function missing(from: readonly string[], other: readonly string[]): string[] {
  return from.filter((name) => !other.includes(name));
}

function factDifferences(key: string, held: VersionFacts, upstream: VersionFacts): string[] {
  const names = Object.keys(upstream) as (keyof VersionFacts)[];
  return names.flatMap((name) => {
    const [own, theirs] = [spelled(held[name]), spelled(upstream[name])];
    return own === theirs ? [] : [`${key}: ${name} is held as ${own}, MLflow says ${theirs}`];
  });
}

/** Keys in order, for jsonb keeps its own. */
function spelled(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))
      : inner,
  );
}
