import { IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery, type Page } from './page';
import type { SyncRunStatus, SyncTrigger } from './sync-run';

export type Stage = 'None' | 'Staging' | 'Production' | 'Archived';
export const STAGES: readonly Stage[] = ['None', 'Staging', 'Production', 'Archived'];

export type VersionSort = 'modelName' | 'version' | 'stage' | 'createdAt' | 'updatedAt';
export type Requirement = 'bias-assessment' | 'security-review' | 'privacy-evaluation';

export class StageCounts {
  None!: number;
  Staging!: number;
  Production!: number;
  Archived!: number;
}

export class LastSync {
  status!: SyncRunStatus;
  finishedAt!: string | null;
}

/** The four cards, and enough for the page to say how true they are. */
export class InventorySummary {
  /** Registered models upstream, empty ones included. */
  models!: number;
  /** Versions in stage Production. */
  active!: number;
  /** Versions in stage Staging. */
  staging!: number;
  /** Distinct experiments of the versions held. */
  experiments!: number;
  stages!: StageCounts;
  /** End of the last sync that read MLflow whole. */
  lastSyncedAt!: string | null;
  configured!: boolean;
  /** True when these numbers may no longer be MLflow's. */
  stale!: boolean;
  lastSync!: LastSync | null;
}

export class VersionQuery extends PageQuery {
  /** Part of the model name, case-insensitive, taken literally. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  search?: string;

  @IsOptional()
  @IsIn(['None', 'Staging', 'Production', 'Archived'])
  stage?: Stage;

  /** Versions that lack this review. */
  @IsOptional()
  @IsIn(['bias-assessment', 'security-review', 'privacy-evaluation', 'any'])
  gap?: Requirement | 'any';

  /** `true` lists versions removed from MLflow too. */
  @IsOptional()
  @IsIn(['true', 'false'])
  removed?: 'true' | 'false';

  @IsOptional()
  @IsIn(['modelName', 'version', 'stage', 'createdAt', 'updatedAt'])
  sort?: VersionSort;

  @IsOptional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc';
}

/** A row of the table. */
export class ModelVersionRow {
  id!: string;
  modelName!: string;
  version!: string;
  stage!: Stage;
  aliases!: string[];
  createdAt!: string;
  updatedAt!: string;
  /** The version's own. */
  description!: string;
  removedAt!: string | null;
  /** Missing, failed or expired reviews; null = unknown. */
  openGaps!: number | null;
  /** In stage Production, or under an alias that means production. */
  live!: boolean;
}

export type RunState = 'active' | 'deleted' | 'missing' | 'unreadable';

export class VersionRun {
  state!: RunState;
  /** MLflow's word, `FINISHED` for example; null where it was never readable. */
  status!: string | null;
}

export class VersionExperiment {
  id!: string;
  name!: string;
  artifactLocation!: string;
}

/** Data that went into the run, or that the metrics of the logged model were measured on. */
export class VersionDataset {
  name!: string;
  digest!: string;
  /** What it was for, `training` for example; null where MLflow does not say. */
  context!: string | null;
}

/** A metric as MLflow sends it; what JSON has no number for is the string `NaN`, `Infinity` or `-Infinity`. */
export type MetricValue = number | string;

/** The drawer. */
export class ModelVersionDetail extends ModelVersionRow {
  modelDescription!: string;
  modelTags!: Record<string, string>;
  runId!: string | null;
  run!: VersionRun | null;
  tags!: Record<string, string>;
  parameters!: Record<string, string>;
  metrics!: Record<string, MetricValue>;
  experiment!: VersionExperiment | null;
  /** Git commit of the code that made the run or the logged model. */
  commit!: string | null;
  datasets!: VersionDataset[];
  /** Account that made the run or the logged model, as MLflow's client noted it. */
  creator!: string | null;
  /** When a sync first saw the version. */
  firstSeenAt!: string;
  source!: string;
}

/** The last whole read of MLflow that had ended. */
export class KnownFrom {
  runId!: string;
  trigger!: SyncTrigger;
  finishedAt!: string;
  /** It did not see the version, and nothing proved that it is gone: its removal was held back. */
  removalHeld!: boolean;
}

/** The drawer, with how that is known. */
export class KnownModelVersion extends ModelVersionDetail {
  /** Null before the first whole read had ended. */
  knownFrom!: KnownFrom | null;
}

export class AsOfQuery {
  /** An instant with its offset: the version as it was known then. Before it was first seen there is none: `not-found`. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/, {
    message: 'asOf must be an instant with its offset',
  })
  asOf?: string;
}

export class MetricPoint {
  versionId!: string;
  version!: string;
  value!: MetricValue;
}

/** The metrics of a version over all versions of its model, by number; removed ones are left out, but for the version asked for. */
export class MetricCourse {
  metrics!: Record<string, MetricPoint[]>;
  /** Older versions that are not told of, for there are too many values. */
  leftOut!: number;
}

export class ModelVersionPage implements Page<ModelVersionRow> {
  items!: ModelVersionRow[];
  nextCursor!: string | null;
  total!: number | null;
}
