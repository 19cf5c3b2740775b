import { type Fields, listIn, metricsIn, objectIn, optionalTextIn, pairsIn, textIn, timeIn } from './fields';
import { MlflowError } from './mlflow-error';
import type {
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
  const data = fields['data'] === undefined ? {} : objectIn(fields, 'data');
  return {
    runId: optionalTextIn(info, 'run_id') ?? textIn(info, 'run_uuid'),
    experimentId: textIn(info, 'experiment_id'),
    status: optionalTextIn(info, 'status') ?? '',
    lifecycle: lifecycleOf(info),
    metrics: metricsIn(data, 'metrics'),
    params: pairsIn(data, 'params'),
    artifactUri: optionalTextIn(info, 'artifact_uri'),
  };
}

export function readLoggedModel(fields: Fields): LoggedModel {
  const info = objectIn(fields, 'info');
  const data = fields['data'] === undefined ? {} : objectIn(fields, 'data');
  return {
    id: textIn(info, 'model_id'),
    experimentId: textIn(info, 'experiment_id'),
    metrics: metricsIn(data, 'metrics'),
    params: pairsIn(data, 'params'),
    status: optionalTextIn(info, 'status') ?? '',
  };
}

/** Whether these tags, of a model or of a version, mark a prompt. */
export function isPrompt(tags: ReadonlyMap<string, string>): boolean {
  return tags.get(PROMPT_TAG)?.toLowerCase() === 'true';
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
