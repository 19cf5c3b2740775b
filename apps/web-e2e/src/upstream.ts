import type { TestMlflow } from '@vw/testing';

interface Pair {
  key: string;
  value: string | number;
}

export interface UpstreamVersion {
  version: string;
  stage: string;
  runId: string;
  description: string;
  metrics: Pair[];
  parameters: Pair[];
  tags: Pair[];
  commit: string;
  datasets: { name: string; digest: string; context: string | null }[];
  experiment: { id: string; name: string; artifactLocation: string };
}

/** What MLflow itself answers for a version and its run, asked without any code of ours in between. */
export async function upstreamVersion(
  mlflow: TestMlflow,
  name: string,
  version: string,
): Promise<UpstreamVersion> {
  const query = new URLSearchParams({ name, version });
  const found = (await mlflow.api.call('GET', `model-versions/get?${query}`)) as {
    model_version: { current_stage: string; run_id: string; description?: string; tags?: Pair[] };
  };
  const { current_stage: stage, run_id: runId, description = '', tags = [] } = found.model_version;
  const { run } = (await mlflow.api.call('GET', `runs/get?run_id=${runId}`)) as {
    run: {
      info: { experiment_id: string };
      data: { metrics?: Pair[]; params?: Pair[]; tags?: Pair[] };
      inputs?: { dataset_inputs?: { dataset: { name: string; digest: string }; tags?: Pair[] }[] };
    };
  };
  const { metrics = [], params = [], tags: runTags } = run.data;
  const { experiment } = (await mlflow.api.call(
    'GET',
    `experiments/get?experiment_id=${run.info.experiment_id}`,
  )) as { experiment: { experiment_id: string; name: string; artifact_location: string } };
  const { experiment_id: id, name: title, artifact_location: artifactLocation } = experiment;
  return {
    version,
    stage,
    runId,
    description,
    metrics,
    parameters: params,
    tags,
    commit: tagged(runTags, 'mlflow.source.git.commit') ?? '',
    datasets: (run.inputs?.dataset_inputs ?? []).map(({ dataset: { name: data, digest }, tags: of }) => ({
      ...{ name: data, digest },
      context: tagged(of, 'mlflow.data.context'),
    })),
    experiment: { id, name: title, artifactLocation },
  };
}

function tagged(tags: readonly Pair[] = [], key: string): string | null {
  const found = tags.find((tag) => tag.key === key);
  return found === undefined ? null : String(found.value);
}

export interface UpstreamRegistry {
  /** Registered models, empty ones included, prompts not. */
  models: number;
  versions: { name: string; version: string; stage: string }[];
  /** Distinct experiments of those versions, by run or LoggedModel. */
  experiments: number;
}

interface SearchedVersion {
  name: string;
  version: string;
  current_stage: string;
  run_id?: string;
  model_id?: string;
  source?: string;
}

/** What MLflow itself answers for the whole registry. */
export async function upstreamRegistry({ api }: TestMlflow): Promise<UpstreamRegistry> {
  const { registered_models: models } = (await api.call(
    'GET',
    'registered-models/search?max_results=1000',
  )) as { registered_models: { name: string }[] };
  const { model_versions: versions } = (await api.call('GET', 'model-versions/search?max_results=10000')) as {
    model_versions: SearchedVersion[];
  };
  const named = new Set(models.map(({ name }) => name));
  const experiments = await Promise.all(versions.map((version) => experimentOf(api, version)));
  return {
    models: models.length,
    versions: versions
      .filter(({ name }) => named.has(name))
      .map(({ name, version, current_stage: stage }) => ({ name, version, stage })),
    experiments: new Set(experiments.filter((id) => id !== null)).size,
  };
}

async function experimentOf(
  api: TestMlflow['api'],
  { run_id: runId, model_id: modelId, source }: SearchedVersion,
): Promise<string | null> {
  if (runId) {
    const { run } = (await api.call('GET', `runs/get?run_id=${runId}`)) as {
      run: { info: { experiment_id: string } };
    };
    return run.info.experiment_id;
  }
  const logged = modelId || source?.match(/^models:\/(m-\w+)$/)?.[1];
  if (!logged) return null;
  const { model } = (await api.call('GET', `logged-models/${logged}`)) as {
    model: { info: { experiment_id: string } };
  };
  return model.info.experiment_id;
}
