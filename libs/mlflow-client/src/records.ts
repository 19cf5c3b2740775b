/** A registered model. Times are epoch milliseconds, 0 where the server knows none. */
export interface RegisteredModel {
  name: string;
  createdAt: number;
  updatedAt: number;
  description: string;
  tags: ReadonlyMap<string, string>;
  aliases: readonly { alias: string; version: string }[];
  /** A prompt of MLflow's prompt registry, which is stored as a registered model. */
  isPrompt: boolean;
}

export type ModelStage = 'None' | 'Staging' | 'Production' | 'Archived';

/** A version of a registered model. Times are epoch milliseconds, 0 where the server knows none. */
export interface ModelVersion {
  name: string;
  version: string;
  createdAt: number;
  updatedAt: number;
  stage: ModelStage;
  description: string;
  source: string;
  runId: string | null;
  /** The LoggedModel (MLflow 3) that the version was made from: its `source` is `models:/m-…`. */
  loggedModelId: string | null;
  status: string;
  userId: string | null;
  tags: ReadonlyMap<string, string>;
}

export type Lifecycle = 'active' | 'deleted';

export interface Experiment {
  id: string;
  name: string;
  artifactLocation: string;
  lifecycle: Lifecycle;
}

/** A number as MLflow sends it; what is no number in JSON has its name. */
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

/** Data that went into a run: each once, by name, digest and context. */
export interface Dataset {
  name: string;
  digest: string;
  /** What it was for, `training` for example; null where nobody said. */
  context: string | null;
}

/** A run with the latest value of each metric. */
export interface Run {
  runId: string;
  experimentId: string;
  status: string;
  lifecycle: Lifecycle;
  metrics: ReadonlyMap<string, MetricValue>;
  params: ReadonlyMap<string, string>;
  /** The Git commit of the code that made it, as MLflow's own client notes it; null where it notes none. */
  commit: string | null;
  datasets: readonly Dataset[];
  /** Who made it, as MLflow's own client notes it: the name of an account, not of a person. */
  creator: string | null;
  artifactUri: string | null;
}

/** Deleted keeps its data; missing = the server knows no such run; unreadable = these credentials may not see it. */
export type RunAnswer = { state: Lifecycle; run: Run } | { state: 'missing' | 'unreadable' };

/** A LoggedModel of MLflow 3 with the latest value of each metric. */
export interface LoggedModel {
  id: string;
  experimentId: string;
  metrics: ReadonlyMap<string, MetricValue>;
  params: ReadonlyMap<string, string>;
  commit: string | null;
  /** Those that its metrics were measured on: MLflow tells no others of a LoggedModel, and not what they were for. */
  datasets: readonly Dataset[];
  creator: string | null;
  status: string;
}

/** As of a run; a deleted one is missing, for MLflow shows it no more. */
export type LoggedModelAnswer = { state: 'active'; model: LoggedModel } | { state: 'missing' | 'unreadable' };
