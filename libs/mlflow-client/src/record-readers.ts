import {
  type Fields,
  listIn,
  metricsIn,
  objectIn,
  optionalObjectIn,
  optionalTextIn,
  pairsIn,
  textIn,
  timeIn,
} from './fields';
import { MlflowError } from './mlflow-error';
import type {
  Dataset,
  Experiment,
  Lifecycle,
  LoggedModel,
  ModelStage,
  ModelVersion,
  RegisteredModel,
  Run,
} from './records';

/** Marks models and versions of the prompt registry; searches of MLflow before 3 list them like any other. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/** Set by MLflow's own client: the first on what is made from within a Git repository, the second always. */
const COMMIT_TAG = 'mlflow.source.git.commit';
const CREATOR_TAG = 'mlflow.user';
/** What a dataset was for; on the link between dataset and run, not on the dataset. */
const CONTEXT_TAG = 'mlflow.data.context';

const STAGES: ReadonlyMap<string, ModelStage> = new Map([
  ['none', 'None'],
  ['staging', 'Staging'],
  ['production', 'Production'],
  ['archived', 'Archived'],
]);

export function readRegisteredModel(fields: Fields): RegisteredModel {
  const tags = pairsIn(fields, 'tags');
  return {
    name: textIn(fields, 'name'),
    ...timesOf(fields),
    description: optionalTextIn(fields, 'description') ?? '',
    tags,
    aliases: listIn(fields, 'aliases').map((entry) => ({
      alias: textIn(entry, 'alias'),
      version: textIn(entry, 'version'),
    })),
    isPrompt: isPrompt(tags),
  };
}

export function readModelVersion(fields: Fields): ModelVersion {
  const source = optionalTextIn(fields, 'source') ?? '';
  return {
    name: textIn(fields, 'name'),
    version: textIn(fields, 'version'),
    ...timesOf(fields),
    stage: stageOf(optionalTextIn(fields, 'current_stage') ?? ''),
    description: optionalTextIn(fields, 'description') ?? '',
    source,
    runId: optionalTextIn(fields, 'run_id') || null,
    loggedModelId: /^models:\/(m-[^/]+)$/.exec(source)?.[1] ?? null,
    status: optionalTextIn(fields, 'status') ?? '',
    userId: optionalTextIn(fields, 'user_id') || null,
    tags: pairsIn(fields, 'tags'),
  };
}

export function readExperiment(fields: Fields): Experiment {
  return {
    id: textIn(fields, 'experiment_id'),
    name: optionalTextIn(fields, 'name') ?? '',
    artifactLocation: optionalTextIn(fields, 'artifact_location') ?? '',
    lifecycle: lifecycleOf(fields),
  };
}

export function readRun(fields: Fields): Run {
  const info = objectIn(fields, 'info');
  const data = optionalObjectIn(fields, 'data');
  return {
    runId: optionalTextIn(info, 'run_id') ?? textIn(info, 'run_uuid'),
    experimentId: textIn(info, 'experiment_id'),
    status: optionalTextIn(info, 'status') ?? '',
    lifecycle: lifecycleOf(info),
    metrics: metricsIn(data, 'metrics'),
    params: pairsIn(data, 'params'),
    ...originIn(data),
    datasets: distinct(
      listIn(optionalObjectIn(fields, 'inputs'), 'dataset_inputs').map((input) => {
        const dataset = objectIn(input, 'dataset');
        return {
          name: textIn(dataset, 'name'),
          digest: textIn(dataset, 'digest'),
          context: pairsIn(input, 'tags').get(CONTEXT_TAG) || null,
        };
      }),
    ),
    artifactUri: optionalTextIn(info, 'artifact_uri'),
  };
}

export function readLoggedModel(fields: Fields): LoggedModel {
  const info = objectIn(fields, 'info');
  const data = optionalObjectIn(fields, 'data');
  return {
    id: textIn(info, 'model_id'),
    experimentId: textIn(info, 'experiment_id'),
    metrics: metricsIn(data, 'metrics'),
    params: pairsIn(data, 'params'),
    ...originIn(info),
    datasets: distinct(
      listIn(data, 'metrics').flatMap((metric) => {
        const name = optionalTextIn(metric, 'dataset_name') ?? '';
        return name === ''
          ? []
          : [{ name, digest: optionalTextIn(metric, 'dataset_digest') ?? '', context: null }];
      }),
    ),
    status: optionalTextIn(info, 'status') ?? '',
  };
}

/** Whether these tags, of a model or of a version, mark a prompt. */
export function isPrompt(tags: ReadonlyMap<string, string>): boolean {
  return tags.get(PROMPT_TAG)?.toLowerCase() === 'true';
}

/** What MLflow's own client notes of who and what made it. */
function originIn(fields: Fields): Pick<Run, 'commit' | 'creator'> {
  const tags = pairsIn(fields, 'tags');
  return { commit: tags.get(COMMIT_TAG) || null, creator: tags.get(CREATOR_TAG) || null };
}

/** MLflow answers in no order; sorted, so that equal ones are equal at the next read. */
function distinct(datasets: readonly Dataset[]): Dataset[] {
  const found = new Map(datasets.map((one) => [JSON.stringify([one.name, one.digest, one.context]), one]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dataset]) => dataset);
}

function timesOf(fields: Fields): { createdAt: number; updatedAt: number } {
  const createdAt = timeIn(fields, 'creation_timestamp');
  return { createdAt, updatedAt: timeIn(fields, 'last_updated_timestamp') || createdAt };
}

/** Absent = None. A stage that MLflow does not have is not guessed at. */
function stageOf(text: string): ModelStage {
  if (text === '') return 'None';
  const stage = STAGES.get(text.toLowerCase());
  if (stage === undefined) throw new MlflowError('mlflow-bad-response');
  return stage;
}

function lifecycleOf(fields: Fields): Lifecycle {
  return optionalTextIn(fields, 'lifecycle_stage')?.toLowerCase() === 'deleted' ? 'deleted' : 'active';
}
