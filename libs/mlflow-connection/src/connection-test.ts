import { PROBLEMS, type ConnectionTest, type ProblemCode } from '@vw/shared-contracts';

/** What a try of some settings found; a null code is a success. */
export interface TestOutcome {
  code: ProblemCode | null;
  serverVersion: string | null;
  latencyMs: number | null;
}

export function failure(code: ProblemCode): TestOutcome {
  return { code, serverVersion: null, latencyMs: null };
}

export function answer(outcome: TestOutcome): ConnectionTest {
  return {
    status: outcome.code ? 'error' : 'success',
    code: outcome.code,
    message: outcome.code ? PROBLEMS[outcome.code].text : 'MLflow answered and its registry can be read.',
    serverVersion: outcome.serverVersion,
    latencyMs: outcome.latencyMs,
    testedAt: new Date().toISOString(),
  };
}
