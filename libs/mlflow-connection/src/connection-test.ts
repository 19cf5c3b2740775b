import { MlflowError, type Probe } from '@vw/mlflow-client';
import { PROBLEMS, type ConnectionTest, type ProblemCode } from '@vw/shared-contracts';

/** What a try of some settings found; a null code is a success. */
export interface TestOutcome {
  code: ProblemCode | null;
  serverVersion: string | null;
  latencyMs: number | null;
  /** Null where the server has none. */
  workspacesListed: number | null;
}

const WORKS = 'MLflow answered and its registry can be read.';

/** Where no workspace is named, MLflow silently answers for one of them: that must not pass unsaid. */
export function cautionOf(workspace: string | null, listed: number | null): string | null {
  if (workspace !== null || listed === null || listed < 2) return null;
  return `The server has ${listed} workspaces, and only its default one is read: name another, or * for all.`;
}

export function success({ serverVersion, latencyMs, workspaces }: Probe): TestOutcome {
  return { code: null, serverVersion, latencyMs, workspacesListed: workspaces && workspaces.length };
}

export function failure(code: ProblemCode): TestOutcome {
  return { code, serverVersion: null, latencyMs: null, workspacesListed: null };
}

export function answer(outcome: TestOutcome, workspace: string | null): ConnectionTest {
  const caution = cautionOf(workspace, outcome.workspacesListed);
  return {
    status: outcome.code ? 'error' : 'success',
    code: outcome.code,
    message: outcome.code ? PROBLEMS[outcome.code].text : [WORKS, caution].filter(Boolean).join(' '),
    serverVersion: outcome.serverVersion,
    latencyMs: outcome.latencyMs,
    testedAt: new Date().toISOString(),
  };
}

/** Of a server of which all are asked for. Throws `mlflow-unsupported` where it has none. */
export function workspacesOf({ workspaces }: Probe): string[] {
  if (workspaces === null) throw new MlflowError('mlflow-unsupported');
  return workspaces;
}
