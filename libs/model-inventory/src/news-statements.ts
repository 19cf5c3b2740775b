import type { Transaction } from '@vw/platform';

/** Places, from 1, of the models that are not held with this update. */
export async function selectNewModels(
  tx: Transaction,
  orgId: string,
  models: readonly { id: string; updatedAt: string }[],
): Promise<{ place: number }[]> {
  return tx.query(
    `SELECT i.place::int FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS i (id, updated_at, place)
     WHERE NOT EXISTS (
       SELECT FROM model m
       WHERE m.org_id = $1 AND m.id = i.id AND m.updated_at = i.updated_at AND m.removed_at IS NULL)`,
    [orgId, models.map((one) => one.id), models.map((one) => one.updatedAt)],
  );
}

/** By the time of the update first, which few versions share: a listing does not tell the key, for that holds the model's creation. */
export async function selectNewVersions(
  tx: Transaction,
  asked: {
    orgId: string;
    source: string;
    versions: readonly { name: string; version: string; createdAt: string; updatedAt: string }[];
  },
): Promise<{ place: number }[]> {
  const { versions } = asked;
  return tx.query(
    `SELECT i.place::int FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
       WITH ORDINALITY AS i (name, version, created_at, updated_at, place)
     WHERE NOT EXISTS (
       SELECT FROM model_version v
       WHERE v.org_id = $1 AND v.updated_at = i.updated_at AND v.source_id = $2 AND v.model_name = i.name
         AND v.version = i.version AND v.created_at = i.created_at AND v.removed_at IS NULL)`,
    [
      asked.orgId,
      asked.source,
      versions.map((one) => one.name),
      versions.map((one) => one.version),
      versions.map((one) => one.createdAt),
      versions.map((one) => one.updatedAt),
    ],
  );
}
