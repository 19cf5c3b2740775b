import type {
  Experiment,
  LoggedModel,
  LoggedModelAnswer,
  MlflowClient,
  ModelVersion,
  RegisteredModel,
  Run,
  RunAnswer,
} from '@vw/mlflow-client';
import type { EvidenceRecord, ExperimentRecord, ModelKey, VersionRecord } from '@vw/model-inventory';

/** Versions that are completed with their runs and written at once. Four batches of 250 run ids go out side by side. */
const MOST_VERSIONS = 1_000;
/** Before it is known how much stands in their runs. One batch of ids. */
const FIRST_VERSIONS = 250;
/** Metrics and parameters of a chunk: with three chunks in memory some 100 MB, where a run of ten thousand metrics is possible. */
const MOST_ENTRIES = 70_000;
/** One alone leaves MLflow waiting for the last of its answers. */
const CHUNKS_AT_ONCE = 2;

/** What is known of a model while its versions are read. */
export interface KnownModel {
  key: ModelKey;
  aliases: RegisteredModel['aliases'];
  /** Of MLflow, in epoch milliseconds: a version that is made moves it. */
  updatedAt: number;
}

/**
 * Reads versions with all that their drawer shows, a chunk at a time. Two chunks are read while the caller writes the last, and no
 * further: memory holds three chunks and two pages. The more stands in the runs, the fewer versions make a chunk.
 */
export class RegistryReader {
  private size = FIRST_VERSIONS;
  /** Looked for once more after they were read: one that is not listed then either is not looked for again. */
  private readonly lookedFor = new Set<string>();

  constructor(
    private readonly client: MlflowClient,
    /** All of them; those that are made while versions are read are added. */
    private readonly experiments: Map<string, Experiment>,
    /** Finds the model of a version; asks MLflow for one registered after the models were read. Null: gone again. */
    private readonly model: (version: ModelVersion) => Promise<KnownModel | null>,
  ) {}

  /** Whoever stops early aborts the signal that the pages are read with. */
  async *versions(
    pages: AsyncGenerator<readonly ModelVersion[]>,
    signal: AbortSignal,
  ): AsyncGenerator<VersionRecord[]> {
    const reading: Promise<VersionRecord[]>[] = [];
    const start = <Result>(asked: Promise<Result>): Promise<Result> => {
      // Awaited later; until then a failure must not count as unhandled.
      asked.catch(() => undefined);
      return asked;
    };
    try {
      for (let page = await pages.next(); !page.done;) {
        const left = [...page.value];
        let next: ReturnType<typeof pages.next> | null = null;
        while (left.length > 0) {
          const read = reading.length < CHUNKS_AT_ONCE ? null : await reading[0];
          if (read) reading.shift();
          if (left.length <= this.size * CHUNKS_AT_ONCE) next ??= start(pages.next());
          reading.push(start(this.complete(left.splice(0, this.size), signal)));
          if (read) yield read;
        }
        page = await (next ?? pages.next());
      }
      yield* inOrder(reading);
    } catch (error) {
      // What was read whole before a page failed is kept.
      if (!signal.aborted) yield* inOrder(reading);
      throw error;
    } finally {
      await Promise.allSettled(reading);
    }
  }

  private async complete(versions: readonly ModelVersion[], signal: AbortSignal): Promise<VersionRecord[]> {
    const runIds = distinct(versions.flatMap((version) => version.runId ?? []));
    const loggedIds = distinct(
      versions.flatMap((version) => (version.runId ? [] : (version.loggedModelId ?? []))),
    );
    const experimentIds = [...this.experiments.keys()];
    const runs = await this.client.runs(runIds, experimentIds, signal);
    const logged = await this.client.loggedModels(loggedIds, experimentIds, signal);
    const read = [...runs.values(), ...logged.values()].flatMap((answer) => readIn(answer) ?? []);
    this.size = sizeAfter(versions.length, read.map(entriesIn));
    await this.readLateExperiments(distinct(read.map(({ experimentId }) => experimentId)), signal);
    const records: VersionRecord[] = [];
    for (const version of versions) {
      const model = await this.model(version);
      if (model) records.push(this.toRecord(version, model, evidenceOf(version, runs, logged)));
    }
    return records;
  }

  /** Of runs in experiments that were made after these were read. */
  private async readLateExperiments(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const late = ids.filter((id) => !this.experiments.has(id) && !this.lookedFor.has(id));
    if (late.length === 0) return;
    for (const [id, experiment] of await this.client.experiments(signal))
      this.experiments.set(id, experiment);
    for (const id of late) this.lookedFor.add(id);
  }

  private toRecord(version: ModelVersion, model: KnownModel, evidence: EvidenceRecord | null): VersionRecord {
    return {
      model: model.key,
      version: version.version,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      stage: version.stage,
      aliases: model.aliases.filter((one) => one.version === version.version).map((one) => one.alias),
      description: version.description,
      tags: version.tags,
      source: version.source,
      runId: version.runId,
      evidence,
      experiment: this.experimentOf(evidence),
    };
  }

  private experimentOf(evidence: EvidenceRecord | null): ExperimentRecord | null {
    return (evidence?.data && this.experiments.get(evidence.data.experimentId)) ?? null;
  }
}

/** Takes away what was handed out. */
async function* inOrder<Chunk>(reading: Promise<Chunk>[]): AsyncGenerator<Chunk> {
  for (; reading[0]; reading.shift()) yield await reading[0];
}

/** Of as many versions as stay within the entries, if those to come are like the last. */
function sizeAfter(versions: number, entries: readonly number[]): number {
  const each = entries.reduce((sum, one) => sum + one, 0) / versions;
  return Math.max(1, Math.min(MOST_VERSIONS, Math.floor(MOST_ENTRIES / each)));
}

function entriesIn({ metrics, params }: Run | LoggedModel): number {
  return metrics.size + params.size;
}

function evidenceOf(
  version: ModelVersion,
  runs: ReadonlyMap<string, RunAnswer>,
  logged: ReadonlyMap<string, LoggedModelAnswer | null>,
): EvidenceRecord | null {
  const { runId, loggedModelId } = version;
  if (runId) return toEvidence(runId, runs.get(runId) ?? null);
  return loggedModelId ? toEvidence(loggedModelId, logged.get(loggedModelId) ?? null) : null;
}

/** Null: the server has no such things. */
function toEvidence(id: string, answer: RunAnswer | LoggedModelAnswer | null): EvidenceRecord {
  const read = readIn(answer);
  return { id, state: answer?.state ?? 'missing', data: read && dataOf(read) };
}

function readIn(answer: RunAnswer | LoggedModelAnswer | null): Run | LoggedModel | null {
  if (!answer) return null;
  if ('run' in answer) return answer.run;
  return 'model' in answer ? answer.model : null;
}

function dataOf(read: Run | LoggedModel): EvidenceRecord['data'] {
  const { status, experimentId, metrics, params, commit, datasets, creator } = read;
  return { status, experimentId, metrics, parameters: params, commit, datasets, creator };
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
