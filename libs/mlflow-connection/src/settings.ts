import { checkTrackingServerUrl, MlflowClient, Secret, type MlflowAuth } from '@vw/mlflow-client';
import { Problem, type Env } from '@vw/platform';
import type { AuthMethod, ConnectionInput, FieldError } from '@vw/shared-contracts';

export const PASSWORD_SLOT = 'mlflow-password';
export const TOKEN_SLOT = 'mlflow-token';

/** A connection without its secret: what is stored, and what a form holds. */
export interface Settings {
  trackingServerUrl: string;
  requestTimeoutSeconds: number;
  authMethod: AuthMethod;
  username: string | null;
  verifyTls: boolean;
  workspace: string | null;
  pollSeconds: number;
}

/** Completes what was sent. Throws `invalid-input` with an error per field. */
export function readSettings(input: ConnectionInput): Settings {
  const url = checkTrackingServerUrl(input.trackingServerUrl);
  const errors: FieldError[] = [];
  if (!url.ok) errors.push({ field: 'trackingServerUrl', message: url.message });
  if (input.authMethod === 'basic' && input.password === null) errors.push(missing('password'));
  if (input.authMethod === 'basic' && input.username?.includes(':')) {
    errors.push({
      field: 'username',
      message: 'username must not contain a colon: basic authentication cannot carry it',
    });
  }
  if (input.authMethod === 'token' && input.apiToken === null) errors.push(missing('apiToken'));
  if (input.caCertificate) {
    errors.push({
      field: 'caCertificate',
      message: 'caCertificate is not supported; install the CA on the machine of this service',
    });
  }
  if (!url.ok || errors.length > 0) throw new Problem('invalid-input', { errors });
  return {
    trackingServerUrl: normalizedUrl(url.url),
    requestTimeoutSeconds: input.requestTimeoutSeconds ?? 30,
    authMethod: input.authMethod,
    username: input.authMethod === 'basic' ? (input.username ?? null) : null,
    verifyTls: input.verifyTls ?? true,
    workspace: input.workspace ?? null,
    pollSeconds: input.pollSeconds ?? 60,
  };
}

/** The secret that was typed for the method, or null where the field was left out or empty. */
export function typedSecret(input: ConnectionInput): Secret | null {
  const text =
    input.authMethod === 'basic' ? input.password : input.authMethod === 'token' ? input.apiToken : null;
  return text ? new Secret(text) : null;
}

export function slotOf(method: AuthMethod): string | null {
  return method === 'basic' ? PASSWORD_SLOT : method === 'token' ? TOKEN_SLOT : null;
}

export function originOf(settings: Settings): string {
  return new URL(settings.trackingServerUrl).origin;
}

/** Whether a secret stored for `stored` may be sent under `next`: never to another server, user or over weaker TLS. */
export function mayReuseSecret(stored: Settings, next: Settings): boolean {
  return (
    originOf(stored) === originOf(next) &&
    stored.authMethod === next.authMethod &&
    stored.username === next.username &&
    (next.verifyTls || !stored.verifyTls)
  );
}

export function toAuth(settings: Settings, secret: Secret | null): MlflowAuth {
  if (settings.authMethod === 'none') return { method: 'none' };
  if (!secret) throw new Problem('credential-required');
  return settings.authMethod === 'basic'
    ? { method: 'basic', username: settings.username ?? '', password: secret }
    : { method: 'token', token: secret };
}

export interface ClientExtras {
  maxAttempts?: number;
}

export function makeClient(
  env: Env,
  settings: Settings,
  auth: MlflowAuth,
  extras: ClientExtras = {},
): MlflowClient {
  return new MlflowClient({
    trackingServerUrl: settings.trackingServerUrl,
    auth,
    requestTimeoutSeconds: settings.requestTimeoutSeconds,
    verifyTls: settings.verifyTls,
    workspace: settings.workspace,
    egress: { policy: env.egressPolicy, denied: ownServices(env) },
    ...extras,
  });
}

/** Our own database and queue: an admin must not be able to aim the client at them. */
function ownServices(env: Env): { host: string; port: number }[] {
  const preset: Record<string, number> = { 'redis:': 6379, 'rediss:': 6379 };
  return [env.databaseUrl, ...(env.queueUrl ? [env.queueUrl] : [])].map((text) => {
    const url = new URL(text);
    return { host: url.hostname, port: Number(url.port) || (preset[url.protocol] ?? 5432) };
  });
}

/** Another origin or path is another source; a trailing slash is not. */
function normalizedUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function missing(field: string): FieldError {
  return { field, message: `${field} is required for this authentication method` };
}
