import type { MlflowClient, Probe } from '@vw/mlflow-client';
import type { LastSync } from '@vw/shared-contracts';

/** A client for the saved connection, and which state of it that is. */
export interface OpenConnection {
  client: MlflowClient;
  /** Counts up with each save: a run is pinned to the one it began with. */
  revision: number;
  /** The workspace is '' where none is named, `*` for all of them. */
  source: { url: string; workspace: string };
  /** Which registries of the server to read; with the workspace `*` it is asked for them. Throws MlflowError. */
  registries(signal: AbortSignal): Promise<Registry[]>;
  /** Keeps what a probe tells of the server, for the cards. */
  probed(probe: Probe): Promise<void>;
}

/** A registry of the server: its only one, or that of a workspace. */
export interface Registry {
  /** '' where none is named. */
  workspace: string;
  /** Null for a workspace that was read before and is not listed now: deleted, or hidden from this account. */
  client: MlflowClient | null;
}

/** How true the inventory is. */
export interface Freshness {
  lastSyncedAt: string | null;
  configured: boolean;
  stale: boolean;
  lastSync: LastSync | null;
}
