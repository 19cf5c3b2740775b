import type { Secret } from './egress/secret';

export type MlflowAuth =
  | { method: 'none' }
  | { method: 'basic'; username: string; password: Secret }
  | { method: 'token'; token: Secret };

/**
 * Which addresses may be asked: `private` = also private ranges and loopback, `public` = public addresses only.
 * Cloud metadata, link-local, multicast and the like are denied under both.
 */
export type EgressPolicy = 'private' | 'public';

export interface EgressRules {
  policy: EgressPolicy;
  /** Our own database and queue: denied under every name and address that reaches them. */
  denied?: readonly { host: string; port: number }[];
}

export interface MlflowClientOptions {
  /** http or https, may have a path prefix; see `checkTrackingServerUrl`. */
  trackingServerUrl: string;
  auth: MlflowAuth;
  /** One deadline per attempt: it covers name look-up, connecting, headers and the whole body. */
  requestTimeoutSeconds: number;
  /** False accepts any certificate, on this client's connections only. */
  verifyTls: boolean;
  /** Sent as X-MLFLOW-WORKSPACE; null or absent = the server's default workspace. */
  workspace?: string | null;
  egress: EgressRules;
  /** How often one request is sent at most, default 5; 1 = no retries. */
  maxAttempts?: number;
  /** Called for each HTTP request that is sent, retries included. */
  onRequest?: () => void;
}
