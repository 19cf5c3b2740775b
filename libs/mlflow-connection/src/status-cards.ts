import type { RunDigest } from '@vw/sync-history';
import {
  PROBLEMS,
  type ConnectionError,
  type ConnectionStatus,
  type ProblemCode,
} from '@vw/shared-contracts';
import type { ConnectionRow } from './connection-statements';

/** The newest thing that was found out about the connection, by a test of the saved settings, a whole sync, or a light read that failed. */
export function newestFinding(
  row: ConnectionRow,
  digest: RunDigest,
): { code: ProblemCode | null; at: Date } | null {
  const run = digest.lastEnded;
  const synced = run?.finishedAt ? { code: run.error?.code ?? null, at: new Date(run.finishedAt) } : null;
  const tested = row.lastTestAt ? { code: row.lastTestCode, at: row.lastTestAt } : null;
  return [synced, tested, row.lightError].reduce((newest, one) =>
    one && (!newest || one.at > newest.at) ? one : newest,
  );
}

export function statusOf(code: ProblemCode | null): ConnectionStatus {
  return code === null ? 'connected' : (PROBLEMS[code].card ?? 'error');
}

export function errorOf(finding: { code: ProblemCode | null; at: Date } | null): ConnectionError | null {
  if (!finding?.code) return null;
  return { code: finding.code, message: PROBLEMS[finding.code].text, at: finding.at.toISOString() };
}
