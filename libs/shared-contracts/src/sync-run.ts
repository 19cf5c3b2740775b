import { IsOptional, Matches } from 'class-validator';
import { type Page, PageQuery } from './page';
import type { ProblemCode } from './codes';

export type SyncTrigger = 'scheduled' | 'manual' | 'poll' | 'webhook';
export type SyncRunStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
export type SyncPhase = 'connecting' | 'reading' | 'checking-removals' | 'done';

export class SyncProgress {
  phase!: SyncPhase;
  currentModel!: string | null;
  models!: number;
  versions!: number;
  /** Versions held before; null on a first sync. */
  total!: number | null;
}

/** Counts are of versions, distinct within the run. */
export class SyncCounts {
  created!: number;
  updated!: number;
  unchanged!: number;
  removed!: number;
}

export class SyncRunError {
  code!: ProblemCode;
  message!: string;
}

/** One attempt to bring the inventory in step with MLflow. */
export class SyncRun {
  id!: string;
  trigger!: SyncTrigger;
  /** Name of the person or key; null for the clock. */
  requestedBy!: string | null;
  status!: SyncRunStatus;
  requestedAt!: string;
  startedAt!: string | null;
  finishedAt!: string | null;
  progress!: SyncProgress;
  counts!: SyncCounts;
  /** Versions not seen whose removal waits for an Admin. */
  held!: number;
  /** HTTP requests sent to MLflow. */
  requests!: number;
  error!: SyncRunError | null;
}

/** Of the history, newest first. */
export class SyncRunQuery extends PageQuery {
  /** Only runs of these triggers, separated by commas: `scheduled,manual` are those that read MLflow whole. */
  @IsOptional()
  @Matches(/^(scheduled|manual|poll|webhook)(,(scheduled|manual|poll|webhook)){0,3}$/)
  trigger?: string;
}

/** One changed field of one version, as a sync observed it. */
export class Change {
  versionId!: string;
  modelName!: string;
  version!: string;
  /** `stage`, `description`, `aliases`, `tags.<key>`, `metrics.<name>`, `parameters.<name>`, `removedAt`, … */
  field!: string;
  old!: unknown;
  new!: unknown;
  /** The sync run that saw it. */
  runId!: string;
  observedAt!: string;
}

export class SyncRunPage implements Page<SyncRun> {
  items!: SyncRun[];
  nextCursor!: string | null;
  total!: number | null;
}

export class ChangePage implements Page<Change> {
  items!: Change[];
  nextCursor!: string | null;
  total!: number | null;
}
