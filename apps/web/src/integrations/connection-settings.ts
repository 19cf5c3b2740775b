import type { AuthMethod, Connection, ConnectionInput } from '@vw/shared-contracts';

/** What the form holds: every field as its control has it. */
export interface ConnectionSettings {
  trackingServerUrl: string;
  requestTimeoutSeconds: number | null;
  authMethod: AuthMethod;
  username: string;
  password: string;
  apiToken: string;
  verifyTls: boolean;
  workspace: string;
  pollSeconds: number | null;
  caCertificate: string;
}

export function settingsOf(connection: Connection): ConnectionSettings {
  return {
    trackingServerUrl: connection.trackingServerUrl ?? '',
    requestTimeoutSeconds: connection.requestTimeoutSeconds,
    authMethod: connection.authMethod,
    username: connection.username ?? '',
    password: '',
    apiToken: '',
    verifyTls: connection.verifyTls,
    workspace: connection.workspace ?? '',
    pollSeconds: connection.pollSeconds,
    caCertificate: connection.caCertificate ?? '',
  };
}

/** What is sent. An empty secret is left out, which keeps the stored one; fields of other methods are left out too. */
export function inputOf(settings: ConnectionSettings): ConnectionInput {
  return {
    trackingServerUrl: settings.trackingServerUrl.trim(),
    authMethod: settings.authMethod,
    verifyTls: settings.verifyTls,
    workspace: settings.workspace.trim() === '' ? null : settings.workspace.trim(),
    caCertificate: certificateOf(settings),
    ...(settings.requestTimeoutSeconds === null
      ? {}
      : { requestTimeoutSeconds: settings.requestTimeoutSeconds }),
    ...(settings.pollSeconds === null ? {} : { pollSeconds: settings.pollSeconds }),
    ...(settings.authMethod === 'basic' ? { username: settings.username } : {}),
    ...(settings.authMethod === 'basic' && settings.password !== '' ? { password: settings.password } : {}),
    ...(settings.authMethod === 'token' && settings.apiToken !== '' ? { apiToken: settings.apiToken } : {}),
  };
}

/** True where the server will reuse the stored secret: the same server, method, user and CA, and TLS no weaker. */
export function keepsStoredSecret(settings: ConnectionSettings, saved: Connection): boolean {
  const hasSecret = settings.authMethod === 'basic' ? saved.hasStoredPassword : saved.hasStoredToken;
  return (
    hasSecret &&
    settings.authMethod === saved.authMethod &&
    originOf(settings.trackingServerUrl) === originOf(saved.trackingServerUrl ?? '') &&
    (settings.authMethod !== 'basic' || settings.username === (saved.username ?? '')) &&
    (!saved.verifyTls || (settings.verifyTls && certificateOf(settings) === saved.caCertificate))
  );
}

function certificateOf({ caCertificate }: ConnectionSettings): string | null {
  return caCertificate.trim() === '' ? null : `${caCertificate.trim()}\n`;
}

/** Null for what is no http or https URL. */
export function originOf(url: string): string | null {
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : null;
  return parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:')
    ? parsed.origin
    : null;
}
