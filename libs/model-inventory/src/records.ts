import type { MetricValue, RunState, Stage, VersionDataset } from '@vw/shared-contracts';

/** Where a sync reads and for which run: goes with every write. */
export interface SyncOrigin {
  runId: string;
  sourceId: string;
}

/** A registered model as MLflow has it. Times are epoch milliseconds. */
export interface ModelRecord {
  name: string;
  createdAt: number;
  updatedAt: number;
  description: string;
  tags: ReadonlyMap<string, string>;
}

/** A run, or a LoggedModel for a version without one. Without `data` it could not be read: the last known values stay. */
export interface EvidenceRecord {
  id: string;
  state: RunState;
  data: {
    status: string;
    experimentId: string;
    metrics: ReadonlyMap<string, MetricValue>;
    parameters: ReadonlyMap<string, string>;
    commit: string | null;
    /** In an order that is the same at every read. */
    datasets: readonly VersionDataset[];
    creator: string | null;
  } | null;
}

export interface ExperimentRecord {
  id: string;
  name: string;
  artifactLocation: string;
  lifecycle: string;
}

/** A model version with all that its drawer shows. */
export interface VersionRecord {
  model: ModelKey;
  version: string;
  createdAt: number;
  updatedAt: number;
  stage: Stage;
  aliases: readonly string[];
  description: string;
  tags: ReadonlyMap<string, string>;
  source: string;
  runId: string | null;
  evidence: EvidenceRecord | null;
  experiment: ExperimentRecord | null;
}

/** A model that was applied before its versions: its id and the digest of what its versions show of it. */
export interface ModelKey {
  id: string;
  name: string;
  digest: string;
}

export interface Applied {
  /** Of all versions of the page. */
  ids: string[];
  created: number;
  updated: number;
}

/** A version held that a whole read did not see. */
export interface MissingVersion {
  id: string;
  modelId: string;
  /** As MLflow knows it. */
  modelName: string;
  version: string;
  /** Epoch milliseconds. */
  createdAt: number;
  modelCreatedAt: number;
}
