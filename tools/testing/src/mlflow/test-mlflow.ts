import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { mlflowApi, type MlflowApi } from '../../../mlflow/mlflow-api.ts';
import { MLFLOW_VERSIONS, type MlflowVersion } from '../../../mlflow/mlflow-venv.ts';
import { type MlflowServer, type MlflowServerOptions, startMlflow } from '../../../mlflow/mlflow-server.ts';
import { describeOnlyWith } from '../only-where';

/** Shared with the demo, so that MLflow is installed once. */
const DATA_DIR = resolve(import.meta.dirname, '../../../../.data');

/** Installing takes a minute with plain pip, a start 5 to 25 s. */
export const MLFLOW_START_TIMEOUT_MS = 240_000;

export interface TestMlflow extends MlflowServer {
  /** The writing half of its REST API, as its administrator. */
  api: MlflowApi;
}

/** A real MLflow of its own, empty. For `beforeAll` with MLFLOW_START_TIMEOUT_MS; call `stop` in `afterAll`. */
export async function startTestMlflow(
  options: Omit<MlflowServerOptions, 'dataDir'> = {},
): Promise<TestMlflow> {
  const server = await startMlflow({ dataDir: DATA_DIR, ...options });
  return { ...server, api: mlflowApi(server.url, server.adminAuth) };
}

/** Puts versions with a run each into the folder of a server, as MLflow itself would have, but straight into its database. */
export function fillMlflow(folder: string, versions: number): void {
  const seed = resolve(DATA_DIR, '../tools/bench/seed.py');
  execFileSync('python3', [seed, resolve(folder, 'mlflow.db'), String(versions)]);
}

/** `describe` for specs that need a real MLflow, and with it python3. */
export function describeWithMlflow(name: string, specs: () => void): void {
  describeWithPython(name, specs);
}

/** `describe` for specs that need python3. */
export function describeWithPython(name: string, specs: () => void): void {
  describeOnlyWith({ name: 'python3', isHere: hasPython() }, name, specs);
}

/** The same on each MLflow that is supported: what differs between them is proved, not believed. */
export function describeWithEachMlflow(name: string, specs: (version: MlflowVersion) => void): void {
  for (const version of MLFLOW_VERSIONS)
    describeWithMlflow(`${name} with MLflow ${version}`, () => specs(version));
}

function hasPython(): boolean {
  try {
    const check = 'import sys, venv; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
    execFileSync(process.platform === 'win32' ? 'python' : 'python3', ['-c', check], { stdio: 'ignore' });
    return true;
  } catch {
    // ENOENT, or too old.
    return false;
  }
}
