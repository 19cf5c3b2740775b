import type { Transaction } from '@vw/platform';
import type { AuthMethod, ProblemCode } from '@vw/shared-contracts';
import type { Settings, Source } from './settings';

export interface ConnectionRow extends Settings {
  revision: number;
  serverVersion: string | null;
  /** How many the server listed last; null where it has none, or was not asked yet. */
  workspacesListed: number | null;
  lastTestAt: Date | null;
  lastTestCode: ProblemCode | null;
  lastSuccessfulTestAt: Date | null;
  nextSyncAt: Date;
  /** What the last light read failed with, until one works again. */
  lightError: { code: ProblemCode; at: Date } | null;
}

interface StoredRow {
  revision: number;
  tracking_server_url: string;
  request_timeout_seconds: number;
  auth_method: AuthMethod;
  username: string | null;
  verify_tls: boolean;
  workspace: string | null;
  poll_seconds: number;
  ca_certificate: string | null;
  server_version: string | null;
  workspaces_listed: number | null;
  last_test_at: Date | null;
  last_test_code: ProblemCode | null;
  last_successful_test_at: Date | null;
  next_sync_at: Date;
  light_error_code: ProblemCode | null;
  light_error_at: Date | null;
}

/** What a probe that succeeded told of the server. */
type Found = Pick<ConnectionRow, 'serverVersion' | 'workspacesListed'>;

export async function selectConnection(tx: Transaction, orgId: string): Promise<ConnectionRow | null> {
  const [row] = await tx.query<StoredRow>('SELECT * FROM mlflow_connection WHERE org_id = $1', [orgId]);
  return row
    ? {
        revision: row.revision,
        trackingServerUrl: row.tracking_server_url,
        requestTimeoutSeconds: row.request_timeout_seconds,
        authMethod: row.auth_method,
        username: row.username,
        verifyTls: row.verify_tls,
        workspace: row.workspace,
        pollSeconds: row.poll_seconds,
        caCertificate: row.ca_certificate,
        serverVersion: row.server_version,
        workspacesListed: row.workspaces_listed,
        lastTestAt: row.last_test_at,
        lastTestCode: row.last_test_code,
        lastSuccessfulTestAt: row.last_successful_test_at,
        nextSyncAt: row.next_sync_at,
        lightError:
          row.light_error_code && row.light_error_at
            ? { code: row.light_error_code, at: row.light_error_at }
            : null,
      }
    : null;
}

/** Keeps what is connected beyond its end: what was read of it is still there. */
export async function keepSource(tx: Transaction, orgId: string): Promise<void> {
  await tx.execute(
    `INSERT INTO former_source (org_id, tracking_server_url, workspace, known_workspaces, revision)
     SELECT org_id, tracking_server_url, workspace, known_workspaces, revision FROM mlflow_connection WHERE org_id = $1
     ON CONFLICT (org_id) DO UPDATE SET (tracking_server_url, workspace, known_workspaces, revision) =
       (EXCLUDED.tracking_server_url, EXCLUDED.workspace, EXCLUDED.known_workspaces, EXCLUDED.revision)`,
    [orgId],
  );
}

/** What was connected before the last disconnect. */
export async function selectFormerSource(tx: Transaction, orgId: string): Promise<Source | null> {
  const [row] = await tx.query<Source>(
    'SELECT tracking_server_url AS "trackingServerUrl", workspace FROM former_source WHERE org_id = $1',
    [orgId],
  );
  return row ?? null;
}

/**
 * Saves settings that were just tested with success. `nextSyncInSeconds` holds for a new connection; an old one keeps its hour. One after a
 * disconnect counts its revisions on, so that whoever began with the one before is not taken for its own.
 */
export async function upsertConnection(
  tx: Transaction,
  orgId: string,
  row: { settings: Settings; found: Found; nextSyncInSeconds: number },
): Promise<void> {
  const { settings, found } = row;
  await tx.execute(
    `INSERT INTO mlflow_connection (org_id, tracking_server_url, request_timeout_seconds, auth_method, username, verify_tls, workspace,
       poll_seconds, server_version, ca_certificate, workspaces_listed, last_test_at, last_successful_test_at, next_sync_at,
       known_workspaces, revision)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), now(), now() + make_interval(secs => $12),
       coalesce((SELECT known_workspaces FROM former_source WHERE org_id = $1 AND tracking_server_url = $2), '{}'),
       coalesce((SELECT revision + 1 FROM former_source WHERE org_id = $1), 1))
     ON CONFLICT (org_id) DO UPDATE SET tracking_server_url = $2, request_timeout_seconds = $3, auth_method = $4, username = $5,
       verify_tls = $6, workspace = $7, poll_seconds = $8, server_version = $9, ca_certificate = $10, workspaces_listed = $11, last_test_at = now(),
       known_workspaces = CASE WHEN mlflow_connection.tracking_server_url = $2 THEN mlflow_connection.known_workspaces ELSE '{}' END,
       last_test_code = NULL, last_successful_test_at = now(), updated_at = now(), revision = mlflow_connection.revision + 1`,
    [
      ...[
        orgId,
        settings.trackingServerUrl,
        settings.requestTimeoutSeconds,
        settings.authMethod,
        settings.username,
      ],
      ...[settings.verifyTls, settings.workspace, settings.pollSeconds, found.serverVersion],
      ...[settings.caCertificate, found.workspacesListed, row.nextSyncInSeconds],
    ],
  );
}

/** Adds workspaces to those that were ever read of this server, as long as it is the one; returns all of them by name. */
export async function rememberWorkspaces(
  tx: Transaction,
  orgId: string,
  { listed, revision }: { listed: readonly string[]; revision: number | null },
): Promise<string[]> {
  const [row] = await tx.query<{ known: string[] }>(
    `SELECT ARRAY(SELECT DISTINCT w FROM unnest(known_workspaces || $2::text[]) AS w ORDER BY w) AS known
     FROM mlflow_connection WHERE org_id = $1`,
    [orgId, listed],
  );
  const known = row?.known ?? [...listed];
  await tx.execute(
    `UPDATE mlflow_connection SET known_workspaces = $2
     WHERE org_id = $1 AND ($3::integer IS NULL OR revision = $3) AND known_workspaces <> $2`,
    [orgId, known, revision],
  );
  return known;
}

/** Keeps how many workspaces the server lists now. Writes nothing where that is known. */
export async function updateWorkspacesListed(
  tx: Transaction,
  orgId: string,
  { listed, revision }: { listed: number | null; revision: number },
): Promise<boolean> {
  const changed = await tx.execute(
    `UPDATE mlflow_connection SET workspaces_listed = $2
     WHERE org_id = $1 AND revision = $3 AND workspaces_listed IS DISTINCT FROM $2`,
    [orgId, listed, revision],
  );
  return changed > 0;
}

/** Keeps what a test of the saved settings found; a null code is a success. False where others were saved meanwhile. */
export async function updateTest(
  tx: Transaction,
  orgId: string,
  { code, found, revision }: { code: ProblemCode | null; found: Found; revision: number },
): Promise<boolean> {
  const kept = await tx.execute(
    `UPDATE mlflow_connection SET last_test_at = now(), last_test_code = $2, server_version = coalesce($3, server_version),
       workspaces_listed = CASE WHEN $2::text IS NULL THEN $4 ELSE workspaces_listed END,
       last_successful_test_at = CASE WHEN $2::text IS NULL THEN now() ELSE last_successful_test_at END
     WHERE org_id = $1 AND revision = $5`,
    [orgId, code, found.serverVersion, found.workspacesListed, revision],
  );
  return kept > 0;
}

export async function deleteConnection(tx: Transaction, orgId: string): Promise<void> {
  await tx.execute('DELETE FROM mlflow_connection WHERE org_id = $1', [orgId]);
}

/** The row's own lock decides between workers: the second one waits, looks again and finds nothing due. */
export async function claimConnection(
  tx: Transaction,
  orgId: string,
  intervalSeconds: number,
): Promise<boolean> {
  const claimed = await tx.execute(
    `UPDATE mlflow_connection SET next_sync_at = now() + make_interval(secs => $2) WHERE org_id = $1 AND next_sync_at <= now()`,
    [orgId, intervalSeconds],
  );
  return claimed > 0;
}
