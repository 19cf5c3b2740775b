import { MlflowError, type Probe } from '@vw/mlflow-client';
import { PROBLEMS, type ConnectionTest, type ProblemCode } from '@vw/shared-contracts';

/** What a try of some settings found; a null code is a success. */
export interface TestOutcome {
  code: ProblemCode | null;
  serverVersion: string | null;
  latencyMs: number | null;
  /** What a success has to say besides; null: nothing. */
  caution: string | null;
}

const WORKS = 'MLflow answered and its registry can be read.';

/** Where no workspace is named, MLflow silently answers for one of them: that must not pass unsaid. */
export function success(
  { serverVersion, latencyMs, workspaces }: Probe,
  workspace: string | null,
): TestOutcome {
  const isPart = workspace === null && workspaces !== null && workspaces.length > 1;
  const caution = isPart
    ? `The server has ${workspaces.length} workspaces, and only its default one is read: name another, or * for all.`
    : null;
  return { code: null, serverVersion, latencyMs, caution };
}

export function failure(code: ProblemCode): TestOutcome {
  return { code, serverVersion: null, latencyMs: null, caution: null };
}

export function answer(outcome: TestOutcome): ConnectionTest {
  return {
    status: outcome.code ? 'error' : 'success',
    code: outcome.code,
    message: outcome.code ? PROBLEMS[outcome.code].text : [WORKS, outcome.caution].filter(Boolean).join(' '),
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
