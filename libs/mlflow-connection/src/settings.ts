import { checkTrackingServerUrl, Secret, type MlflowAuth } from '@vw/mlflow-client';
import { Problem } from '@vw/platform';
import type { AuthMethod, ConnectionInput, FieldError } from '@vw/shared-contracts';
import { checkCaCertificate, fingerprintsOf } from './ca-certificate';

export const PASSWORD_SLOT = 'mlflow-password';
export const TOKEN_SLOT = 'mlflow-token';
/** In place of a workspace's name: all that the credentials see, those made later too. No workspace can be called so. */
export const ALL_WORKSPACES = '*';

/** A connection without its secret: what is stored, and what a form holds. */
export interface Settings {
  trackingServerUrl: string;
  requestTimeoutSeconds: number;
  authMethod: AuthMethod;
  username: string | null;
  verifyTls: boolean;
  workspace: string | null;
  pollSeconds: number;
  /** PEM; null trusts the authorities that this machine trusts. */
  caCertificate: string | null;
}

/** Where records come from. */
export type Source = Pick<Settings, 'trackingServerUrl' | 'workspace'>;

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
  const ca = input.caCertificate ? checkCaCertificate(input.caCertificate) : null;
  if (ca && !ca.ok) errors.push({ field: 'caCertificate', message: ca.message });
  if (!url.ok || errors.length > 0) throw new Problem('invalid-input', { errors });
  return {
    trackingServerUrl: normalizedUrl(url.url),
    requestTimeoutSeconds: input.requestTimeoutSeconds ?? 30,
    authMethod: input.authMethod,
    username: input.authMethod === 'basic' ? (input.username ?? null) : null,
    verifyTls: input.verifyTls ?? true,
    workspace: input.workspace ?? null,
    pollSeconds: input.pollSeconds ?? 60,
    caCertificate: ca?.ok ? ca.pem : null,
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

/** Another origin, path or workspace holds other records. */
export function isOtherSource(before: Source, after: Source): boolean {
  if (before.trackingServerUrl !== after.trackingServerUrl) return true;
  return before.workspace !== after.workspace && !isWidened(before, after);
}

/** From one workspace to all of them: what was read stays what it is. Where none was named nobody knows which one that was. */
export function isWidened(before: Source, after: Source): boolean {
  return before.workspace !== null && after.workspace === ALL_WORKSPACES;
}

/** Whether a secret stored for `stored` may be sent under `next`: never to another server, user or over weaker TLS. */
export function mayReuseSecret(stored: Settings, next: Settings): boolean {
  return (
    originOf(stored) === originOf(next) &&
    stored.authMethod === next.authMethod &&
    stored.username === next.username &&
    // Another CA can vouch for another server under the same name.
    (!stored.verifyTls || (next.verifyTls && stored.caCertificate === next.caCertificate))
  );
}

export function toAuth(settings: Settings, secret: Secret | null): MlflowAuth {
  if (settings.authMethod === 'none') return { method: 'none' };
  if (!secret) throw new Problem('credential-required');
  return settings.authMethod === 'basic'
    ? { method: 'basic', username: settings.username ?? '', password: secret }
    : { method: 'token', token: secret };
}

/** The settings as the audit trail keeps them; no secret is among them. */
export function auditedSettings(settings: Settings): Record<string, unknown> {
  const {
    trackingServerUrl,
    requestTimeoutSeconds,
    authMethod,
    username,
    verifyTls,
    workspace,
    pollSeconds,
    caCertificate,
  } = settings;
  return {
    trackingServerUrl,
    requestTimeoutSeconds,
    authMethod,
    username,
    verifyTls,
    caCertificate: caCertificate && fingerprintsOf(caCertificate).join(' '),
    workspace,
    pollSeconds,
  };
}

/** Another origin or path is another source; a trailing slash is not. */
function normalizedUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function missing(field: string): FieldError {
  return { field, message: `${field} is required for this authentication method` };
}
