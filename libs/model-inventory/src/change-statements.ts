import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import { DEFAULT_LIMIT, type ChangePage, type PageQuery } from '@vw/shared-contracts';
import { UPDATED_AT } from './changes';

interface ChangeRow {
  id: string;
  version_id: string;
  model_name: string;
  version: string;
  field: string;
  old: unknown;
  new: unknown;
  run_id: string;
  observed_at: Date;
}

export interface ChangesAsked {
  orgId: string;
  column: 'version_id' | 'run_id';
  id: string;
  page: PageQuery;
}

/** The change log of one version or of one sync run, newest first: ids are UUIDs of version 7. */
export async function listChanges(tx: Transaction, asked: ChangesAsked): Promise<ChangePage> {
  const { orgId, column, id, page } = asked;
  const limit = page.limit ?? DEFAULT_LIMIT;
  const question = ['changes', column, id];
  const after = page.cursor ? String(decodeCursor(question, page.cursor, 1)[0]) : null;
  const rows = await tx.query<ChangeRow>(
    `SELECT c.id, c.version_id, v.model_name, v.version, c.field, c.old, c.new, c.run_id, c.observed_at
     FROM version_change c JOIN model_version v ON v.org_id = c.org_id AND v.id = c.version_id
     WHERE c.org_id = $1 AND c.${column} = $2 AND c.field <> '${UPDATED_AT}' AND ($3::uuid IS NULL OR c.id < $3) ORDER BY c.id DESC LIMIT $4`,
    [orgId, id, after, limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => ({
      versionId: row.version_id,
      modelName: row.model_name,
      version: row.version,
      field: row.field,
      old: row.old,
      new: row.new,
      runId: row.run_id,
      observedAt: row.observed_at.toISOString(),
    })),
    nextCursor: rows.length > limit && last ? encodeCursor(question, [last.id]) : null,
    total: page.cursor ? null : await countChanges(tx, asked),
  };
}

async function countChanges(tx: Transaction, { orgId, column, id }: ChangesAsked): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM version_change WHERE org_id = $1 AND ${column} = $2 AND field <> '${UPDATED_AT}'`,
    [orgId, id],
  );
  return row?.n ?? 0;
}

/** A hash of the hashes of its changes: in one text, those of a long tag on thousands of versions are more than Postgres holds. */
export async function selectChangeDigest(tx: Transaction, orgId: string, runId: string): Promise<string> {
  const [row] = await tx.query<{ digest: string }>(
    `SELECT encode(sha256(convert_to(coalesce(string_agg(
       encode(sha256(convert_to(jsonb_build_array(version_id, field, old, new)::text, 'UTF8')), 'hex'),
       E'\\n' ORDER BY version_id, field), ''), 'UTF8')), 'hex') AS digest
     FROM version_change WHERE org_id = $1 AND run_id = $2`,
    [orgId, runId],
  );
  return row?.digest ?? '';
}
