import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import type { ProblemCode } from './codes';

export type AuthMethod = 'none' | 'basic' | 'token';
export const AUTH_METHODS: readonly AuthMethod[] = ['none', 'basic', 'token'];

/** The settings of the one MLflow connection. Secrets are write-only; fields of other methods are ignored. */
export class ConnectionInput {
  /** http or https, a path prefix included; no user name, query or fragment. */
  @IsString()
  @MinLength(1)
  @MaxLength(2048)
  trackingServerUrl!: string;

  /** Deadline of one request to MLflow, in seconds. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(600)
  requestTimeoutSeconds?: number;

  @IsIn(['none', 'basic', 'token'])
  authMethod!: AuthMethod;

  /** Basic authentication only. */
  @ValidateIf((input: ConnectionInput) => input.authMethod === 'basic')
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  username?: string | null;

  /** Omitted keeps the stored one for the same server, method and user; null clears it. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  password?: string | null;

  /** Omitted keeps the stored one for the same server and method; null clears it. */
  @IsOptional()
  @IsString()
  @Matches(/^[\x20-\x7e]*$/, {
    message: 'apiToken must be one line of ASCII characters: no header can carry others',
  })
  @MaxLength(8192)
  apiToken?: string | null;

  /** False accepts any certificate of this server; audited. */
  @IsOptional()
  @IsBoolean()
  verifyTls?: boolean;

  /** MLflow workspace; `*` is all that the credentials see, absent the server's own. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  workspace?: string | null;

  /** Seconds between light polls, 0 = off. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(86_400)
  pollSeconds?: number;

  /** PEM of the CA, or several, that may have signed the server's certificate, in place of those this system trusts. */
  @IsOptional()
  @IsString()
  @MaxLength(65_536)
  caCertificate?: string | null;

  /** True confirms that another server's records replace the present ones. */
  @IsOptional()
  @IsBoolean()
  replaceSource?: boolean;
}

export type ConnectionStatus = 'not-configured' | 'connected' | 'action-required' | 'error';

export class ConnectionError {
  code!: ProblemCode;
  message!: string;
  /** ISO-8601 UTC. */
  at!: string;
}

export class WorkerState {
  /** When a background worker last said that it lives; null: never. */
  lastSeenAt!: string | null;
}

/** What MLflow delivers by itself: versions, tags of versions and aliases. */
export class RegistryWebhook {
  enabled!: boolean;
  /** When MLflow last delivered something; null: never. */
  lastDeliveryAt!: string | null;
  /** True where it was turned off while MLflow could not be told: MLflow may hold the registration still. */
  leftAtMlflow!: boolean;
}

export class WebhookInput {
  /** True registers at MLflow, which must reach this service; false deletes the registration. */
  @IsBoolean()
  enabled!: boolean;
}

/** The connection and its status cards. */
export class Connection {
  status!: ConnectionStatus;
  trackingServerUrl!: string | null;
  requestTimeoutSeconds!: number;
  authMethod!: AuthMethod;
  username!: string | null;
  hasStoredPassword!: boolean;
  hasStoredToken!: boolean;
  verifyTls!: boolean;
  workspace!: string | null;
  pollSeconds!: number;
  caCertificate!: string | null;
  serverVersion!: string | null;
  /** What works otherwise than one may think, in a sentence: of several workspaces, none is named. */
  caution!: string | null;
  lastError!: ConnectionError | null;
  /** Instants are ISO-8601 UTC. */
  lastSuccessfulTestAt!: string | null;
  /** Start of the last scheduled or manual sync. */
  lastScheduledSyncAt!: string | null;
  upcomingSyncAt!: string | null;
  webhook!: RegistryWebhook;
  worker!: WorkerState;
}

/** What a connection test found. A failing test is an answer, not an error. */
export class ConnectionTest {
  status!: 'success' | 'error';
  code!: ProblemCode | null;
  message!: string;
  serverVersion!: string | null;
  latencyMs!: number | null;
  testedAt!: string;
}
