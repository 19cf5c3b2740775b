import type { MlflowAuth } from '../client-options';
import { MlflowError, NoSuchWorkspaceError } from '../mlflow-error';

/**
 * The headers of every request. No Origin: MLflow refuses a foreign one. The only place that reveals what MLflow asks for.
 * Throws MlflowError for credentials or a workspace that no header can carry.
 */
export function requestHeaders(auth: MlflowAuth, workspace: string | null): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'gzip, identity',
    'user-agent': 'mlflow-client',
  };
  const credentials = authorization(auth);
  if (credentials !== null) headers['authorization'] = credentials;
  if (workspace !== null && workspace !== '') {
    if (!isHeaderText(workspace)) throw new NoSuchWorkspaceError();
    headers['x-mlflow-workspace'] = workspace;
  }
  return headers;
}

function authorization(auth: MlflowAuth): string | null {
  if (auth.method === 'none') return null;
  if (auth.method === 'basic') {
    const pair = `${auth.username}:${auth.password.reveal()}`;
    return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  }
  const token = auth.token.reveal();
  if (!isHeaderText(token)) throw new MlflowError('mlflow-unauthorized');
  return `Bearer ${token}`;
}

/** Visible ASCII and spaces: a line break would start a header of its own. */
function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}
