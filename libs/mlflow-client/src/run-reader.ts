import { listIn, objectIn } from './fields';
import { AnswerTooLargeError, MlflowError, NoSuchWorkspaceError } from './mlflow-error';
import { readLoggedModel, readRun } from './record-readers';
import type { LoggedModel, LoggedModelAnswer, Run, RunAnswer } from './records';
import type { RestApi } from './rest-api';
import { forEachInTurn, inBatches, type Turns } from './worker-pool';

/** 10,000 runs: 10-20 s in batches of 100 to 1000, 75-670 s one by one. 250 runs are 1 MB, so few come near the cap. */
const RUNS_PER_BATCH = 250;
/** MLflow's own default for this search, accepted by every version that has it. */
const LOGGED_MODELS_PER_BATCH = 50;
/** From here on a timeout is retried like any fault; larger batches are split instead. */
const SMALL_BATCH = 32;

/** Ids that stand in a filter without escaping; MLflow's own are hexadecimal, LoggedModels' begin with `m-`. */
const FILTERABLE_ID = /^[\w-]{1,256}$/;

/** One kind of thing that is read by id: in batches by search, and singly where a search does not answer. */
interface ById<Found> {
  batchSize: number;
  search(
    ids: readonly string[],
    options: { signal: AbortSignal; retryTimeouts: boolean },
  ): Promise<Map<string, Found>>;
  get(id: string, signal: AbortSignal): Promise<Found>;
}

export interface ByIdRequest {
  ids: readonly string[];
  /** Searches look into these only; without any, each id is asked for singly. */
  experimentIds: readonly string[];
  signal: AbortSignal;
  turns: Turns;
}

/** Every asked run has an answer; deleted ones are found as long as their experiment's id is given, and singly otherwise. */
export function readRuns(api: RestApi, request: ByIdRequest): Promise<Map<string, RunAnswer>> {
  return readById(api, request, {
    batchSize: RUNS_PER_BATCH,
    search: async (ids, options) => {
      const body = {
        experiment_ids: request.experimentIds,
        filter: `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(',')})`,
        run_view_type: 'ALL',
        max_results: ids.length,
      };
      const answer = await api.post('runs/search', body, options);
      return new Map(
        listIn(answer, 'runs')
          .map(readRun)
          .map((run) => [run.runId, foundRun(run)]),
      );
    },
    get: async (id, signal) => {
      try {
        const answer = await api.get('runs/get', { run_id: id }, { signal });
        return foundRun(readRun(objectIn(answer, 'run')));
      } catch (error) {
        return notShown(error);
      }
    },
  });
}

/** Null for a LoggedModel of a server that has none: one before MLflow 3. */
export function readLoggedModels(
  api: RestApi,
  request: ByIdRequest,
): Promise<Map<string, LoggedModelAnswer | null>> {
  return readById<LoggedModelAnswer | null>(api, request, {
    batchSize: LOGGED_MODELS_PER_BATCH,
    search: async (ids, options) => {
      const body = {
        experiment_ids: request.experimentIds,
        filter: `model_id IN (${ids.map((id) => `'${id}'`).join(',')})`,
        max_results: ids.length,
      };
      try {
        const answer = await api.post('logged-models/search', body, options);
        return new Map(
          listIn(answer, 'models')
            .map(readLoggedModel)
            .map((model) => [model.id, foundModel(model)]),
        );
      } catch (error) {
        // 404: MLflow 2. 403: what a server without the endpoint says to others than its administrator.
        if (isRefused(error)) return new Map();
        throw error;
      }
    },
    get: async (id, signal) => {
      try {
        const answer = await api.get(`logged-models/${encodeURIComponent(id)}`, {}, { signal });
        return foundModel(readLoggedModel(objectIn(answer, 'model')));
      } catch (error) {
        // MLflow 2 answers with its web server's page, any other 404 is MLflow's own.
        if (isNotFound(error) && error.answer?.errorCode === null) return null;
        if (isNotFound(error) && !isMissing(error)) return { state: 'unreadable' };
        return notShown(error);
      }
    },
  });
}

/** True for MLflow's own word that there is no such thing; a web server's 404 page is no such word. */
export function isMissing(error: unknown): boolean {
  if (!(error instanceof MlflowError) || error.answer === null) return false;
  return error.answer.status === 404 && error.answer.errorCode === 'RESOURCE_DOES_NOT_EXIST';
}

/** What is told of an id that MLflow does not show; throws what says nothing of it. */
function notShown(error: unknown): { state: 'missing' | 'unreadable' } {
  if (error instanceof NoSuchWorkspaceError) throw error;
  if (isMissing(error)) return { state: 'missing' };
  // 403: MLflow lets a reader of the model see the run's id, and the run only with rights on its experiment.
  if (error instanceof MlflowError && error.code === 'mlflow-forbidden') return { state: 'unreadable' };
  throw error;
}

function isNotFound(error: unknown): error is MlflowError {
  return error instanceof MlflowError && error.answer?.status === 404;
}

function isRefused(error: unknown): boolean {
  return isNotFound(error) || (error instanceof MlflowError && error.answer?.status === 403);
}

function foundRun(run: Run): RunAnswer {
  return { state: run.lifecycle, run };
}

function foundModel(model: LoggedModel): LoggedModelAnswer {
  return { state: 'active', model };
}

async function readById<Found>(
  api: RestApi,
  request: ByIdRequest,
  kind: ById<Found>,
): Promise<Map<string, Found>> {
  const ids = [...new Set(request.ids)];
  const searchable = request.experimentIds.length === 0 ? [] : ids.filter((id) => FILTERABLE_ID.test(id));
  const answers = new Map<string, Found>();

  await forEachInTurn(inBatches(searchable, kind.batchSize), request, async (batch, signal) => {
    const asked = new Set(batch);
    for (const [id, found] of await searchSplitting(api, kind, { batch, signal })) {
      if (asked.has(id)) answers.set(id, found);
    }
  });
  // A search leaves out what it may not show and what it never had; only a get tells which. It also answers an empty
  // 200 to a request that it could not read, which must not pass for absence.
  const unanswered = ids.filter((id) => !answers.has(id));
  await forEachInTurn(unanswered, request, async (id, signal) => {
    answers.set(id, await kind.get(id, signal));
  });
  return answers;
}

/** A batch whose answer is over the size cap, or too slow, is asked for in two halves. */
async function searchSplitting<Found>(
  api: RestApi,
  kind: ById<Found>,
  { batch, signal }: { batch: readonly string[]; signal: AbortSignal },
): Promise<Map<string, Found>> {
  const retryTimeouts = api.maxAttempts === 1 || batch.length <= SMALL_BATCH;
  try {
    return await kind.search(batch, { signal, retryTimeouts });
  } catch (error) {
    const tooSlow = !retryTimeouts && error instanceof MlflowError && error.code === 'mlflow-timeout';
    if (!(error instanceof AnswerTooLargeError || tooSlow) || batch.length === 1) throw error;
    const middle = Math.ceil(batch.length / 2);
    const left = await searchSplitting(api, kind, { batch: batch.slice(0, middle), signal });
    const right = await searchSplitting(api, kind, { batch: batch.slice(middle), signal });
    return new Map([...left, ...right]);
  }
}
