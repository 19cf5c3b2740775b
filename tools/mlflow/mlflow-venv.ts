import { ensurePythonTool } from './python-venv.ts';

/** 3.18.0 cannot be installed: its mlflow-skinny is not on the index. */
export const MLFLOW_VERSION = '3.17.2';

/** The last of MLflow 2: what differs between the two is proved on both. */
const MLFLOW_2_VERSION = '2.22.5';

export const MLFLOW_VERSIONS = [MLFLOW_VERSION, MLFLOW_2_VERSION] as const;
export type MlflowVersion = (typeof MLFLOW_VERSIONS)[number];

/** mlflow[auth] adds what `--app-name basic-auth` needs. MLflow 2 does not start with SQLAlchemy 2.1. */
const PACKAGES: Readonly<Record<MlflowVersion, readonly string[]>> = {
  [MLFLOW_VERSION]: [`mlflow[auth]==${MLFLOW_VERSION}`],
  [MLFLOW_2_VERSION]: [`mlflow[auth]==${MLFLOW_2_VERSION}`, 'sqlalchemy<2.1'],
};

/**
 * A virtual environment with MLflow under `dataDir`, made on first use (about 10 s with uv, 50 s with pip).
 * Concurrent callers wait for the first one. Throws PythonMissingError where there is no usable python3.
 *
 * @returns the folder that holds its `python` and `mlflow`.
 */
export function ensureMlflow(
  dataDir: string,
  log: (line: string) => void,
  version: MlflowVersion = MLFLOW_VERSION,
): Promise<string> {
  return ensurePythonTool(
    { name: 'mlflow', title: 'MLflow', version, packages: PACKAGES[version] },
    dataDir,
    log,
  );
}
