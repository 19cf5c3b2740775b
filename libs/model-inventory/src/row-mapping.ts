import { hash } from 'node:crypto';
import type { Stage, VersionDataset } from '@vw/shared-contracts';
import { modelId, rawName, storable, versionId } from './identity';
import type { ExperimentRecord, ModelKey, ModelRecord, VersionRecord } from './records';

/** An alias that says a version serves production; stages are deprecated in MLflow. */
export const LIVE_ALIASES: ReadonlySet<string> = new Set(['champion', 'production', 'prod']);
/** Postgres bigint. A version number beyond it sorts as the largest. */
const MAX_BIGINT = 9_223_372_036_854_775_807n;

export interface ModelRow {
  id: string;
  name: string;
  raw_name: string | null;
  description: string;
  tags: Record<string, string>;
  created_at: string;
  updated_at: string;
  hash: string;
}

export interface EvidenceRow {
  run_id: string;
  state: string;
  status: string | null;
  experiment_id: string | null;
  /** Null where it could not be read: the stored values stay. */
  metrics: Record<string, number | string> | null;
  parameters: Record<string, string> | null;
  commit: string | null;
  datasets: VersionDataset[] | null;
  creator: string | null;
}

export interface ExperimentRow {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle: string;
}

export interface VersionRow {
  id: string;
  model_id: string;
  model_name: string;
  version: string;
  version_number: string;
  stage: Stage;
  aliases: string[];
  description: string;
  tags: Record<string, string>;
  source_uri: string;
  run_id: string | null;
  evidence_id: string | null;
  created_at: string;
  updated_at: string;
  live: boolean;
  hash: string;
}

export function toModelRow(sourceId: string, model: ModelRecord): { row: ModelRow; key: ModelKey } {
  const id = modelId(sourceId, model.name, model.createdAt);
  const digest = hashOf([model.description, sorted(model.tags)]);
  const row: ModelRow = {
    id,
    name: storable(model.name),
    raw_name: rawName(model.name),
    description: storable(model.description),
    tags: textObject(model.tags),
    created_at: instant(model.createdAt),
    updated_at: instant(model.updatedAt),
    hash: hashOf([digest, model.updatedAt]),
  };
  return { row, key: { id, name: model.name, digest } };
}

/** The hash covers all that the drawer shows, so that equal hashes mean: nothing to write. */
export function toVersionRow(version: VersionRecord): VersionRow {
  const aliases = version.aliases.map(storable).sort();
  return {
    id: versionId(version.model.id, version.version, version.createdAt),
    model_id: version.model.id,
    model_name: storable(version.model.name),
    version: storable(version.version),
    version_number: numberOf(version.version),
    stage: version.stage,
    aliases,
    description: storable(version.description),
    tags: textObject(version.tags),
    source_uri: storable(version.source),
    run_id: version.runId && storable(version.runId),
    evidence_id: version.evidence && storable(version.evidence.id),
    created_at: instant(version.createdAt),
    updated_at: instant(version.updatedAt),
    live: isLive(version.stage, aliases),
    hash: hashOf([
      ...[
        version.updatedAt,
        version.stage,
        aliases,
        version.description,
        sorted(version.tags),
        version.source,
      ],
      version.runId,
      version.model.digest,
      evidenceFacts(version),
      experimentFacts(version.experiment),
    ]),
  };
}

export function isLive(stage: Stage, aliases: readonly string[]): boolean {
  return stage === 'Production' || aliases.some((alias) => LIVE_ALIASES.has(alias));
}

export function toEvidenceRow(version: VersionRecord): EvidenceRow | null {
  const evidence = version.evidence;
  if (!evidence) return null;
  const metrics =
    evidence.data &&
    Object.fromEntries([...evidence.data.metrics].map(([name, value]) => [storable(name), value]));
  return {
    run_id: storable(evidence.id),
    state: evidence.state,
    status: evidence.data && storable(evidence.data.status),
    experiment_id: evidence.data && storable(evidence.data.experimentId),
    metrics,
    parameters: evidence.data && textObject(evidence.data.parameters),
    commit: evidence.data?.commit ? storable(evidence.data.commit) : null,
    creator: evidence.data?.creator ? storable(evidence.data.creator) : null,
    datasets:
      evidence.data?.datasets.map(({ name, digest, context }) => ({
        name: storable(name),
        digest: storable(digest),
        context: context === null ? null : storable(context),
      })) ?? null,
  };
}

export function toExperimentRow(experiment: ExperimentRecord): ExperimentRow {
  return {
    experiment_id: storable(experiment.id),
    name: storable(experiment.name),
    artifact_location: storable(experiment.artifactLocation),
    lifecycle: experiment.lifecycle,
  };
}

function evidenceFacts({ evidence }: VersionRecord): unknown {
  if (!evidence?.data) return [evidence?.id, evidence?.state];
  const { status, experimentId, metrics, parameters, commit, datasets, creator } = evidence.data;
  return [
    ...[evidence.id, evidence.state, status, experimentId, sorted(metrics), sorted(parameters)],
    ...[commit, creator],
    datasets.map(({ name, digest, context }) => [name, digest, context]),
  ];
}

function experimentFacts(experiment: ExperimentRecord | null): unknown {
  return experiment && [experiment.id, experiment.name, experiment.artifactLocation, experiment.lifecycle];
}

/** 128 bits, in hex. */
function hashOf(facts: unknown): string {
  return hash('sha256', JSON.stringify(facts)).slice(0, 32);
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `Object.fromEntries` defines own keys, so that a tag named `__proto__` is one like any other. */
function textObject(map: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...map].map(([key, value]) => [storable(key), storable(value)]));
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function numberOf(version: string): string {
  if (!/^\d+$/.test(version)) return '0';
  const value = BigInt(version);
  return String(value > MAX_BIGINT ? MAX_BIGINT : value);
}
