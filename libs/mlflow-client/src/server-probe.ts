import { type Fields, listIn, textIn } from './fields';
import { MlflowError } from './mlflow-error';
import type { RestApi } from './rest-api';

/** One more than the largest page of every MLflow since 2.0: refused there, and ignored by MLflow 1. */
const TOO_MANY_RESULTS = '200001';

export interface Probe {
  /** What /version says, such as `3.17.2`; null where the server does not tell. */
  serverVersion: string | null;
  /** How long the registry took to answer, in milliseconds. */
  latencyMs: number;
  /** Names of the workspaces that these credentials see; null where the server has none. */
  workspaces: string[] | null;
}

/**
 * Proves that the URL is an MLflow of version 2 or later whose registry answers with these credentials, and where a workspace is asked for,
 * that the server heeds it: one that knows no workspaces answers with all that it has.
 */
export async function probeServer(
  api: RestApi,
  workspace: string | null,
  signal: AbortSignal | undefined,
): Promise<Probe> {
  const started = performance.now();
  const answer = await api.get('registered-models/search', { max_results: '1' }, { signal });
  listIn(answer, 'registered_models');
  const latencyMs = Math.round(performance.now() - started);
  const serverVersion = await readVersion(api, signal);
  if (serverVersion === null) await refuseMlflow1(api, signal);
  else if (serverVersion.startsWith('1.') || serverVersion.startsWith('0.'))
    throw new MlflowError('mlflow-unsupported');
  const workspaces = await readWorkspaces(api, serverVersion, signal);
  if (workspace !== null && workspaces === null) throw new MlflowError('mlflow-unsupported');
  return { serverVersion, latencyMs, workspaces };
}

/** MLflow 2.9 and later tell their version; older ones and Databricks do not. */
async function readVersion(api: RestApi, signal: AbortSignal | undefined): Promise<string | null> {
  try {
    const text = (await api.text('/version', { signal })).trim();
    return /^\d+\.\d+[\w.+-]{0,40}$/.test(text) ? text : null;
  } catch (error) {
    // The registry has answered: a server that hides its version, or answers a page there, is none the worse for it.
    if (error instanceof MlflowError && (error.answer !== null || error.code === 'mlflow-not-mlflow'))
      return null;
    throw error;
  }
}

/**
 * MLflow 1 ignores page sizes, order and tokens, and its `IN` finds nothing: syncing it would read wrong data. Asking for
 * a model without a name costs it nothing. Only a refusal in MLflow's own words proves a later version, and MLflow at all.
 */
async function refuseMlflow1(api: RestApi, signal: AbortSignal | undefined): Promise<void> {
  const query = { filter: "name=''", max_results: TOO_MANY_RESULTS };
  try {
    await api.get('model-versions/search', query, { signal });
  } catch (error) {
    if (error instanceof MlflowError && error.answer?.status === 400 && error.answer.errorCode !== null)
      return;
    throw error;
  }
  throw new MlflowError('mlflow-unsupported');
}

async function readWorkspaces(
  api: RestApi,
  serverVersion: string | null,
  signal: AbortSignal | undefined,
): Promise<string[] | null> {
  if (serverVersion?.startsWith('2.')) return null;
  const info = await serverInfo(api, signal);
  if (info?.['workspaces_enabled'] !== true) return null;
  const answer = await api.get('/api/3.0/mlflow/workspaces', {}, { signal });
  return listIn(answer, 'workspaces').map((workspace) => textIn(workspace, 'name'));
}

/** Null where the server does not know the question, as those without workspaces. */
async function serverInfo(api: RestApi, signal: AbortSignal | undefined): Promise<Fields | null> {
  try {
    return await api.get('/api/3.0/mlflow/server-info', {}, { signal });
  } catch (error) {
    // The registry has answered. A fault that may pass says nothing of what the server has.
    if (error instanceof MlflowError && !error.retriable && error.code !== 'egress-denied') return null;
    throw error;
  }
}
