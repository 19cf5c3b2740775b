import type { MlflowClientOptions } from './client-options';
import { type Fields, listIn, objectIn, optionalTextIn } from './fields';
import { MlflowError } from './mlflow-error';
import { type PageAnswer, type PageAsk, PageReader } from './page-reader';
import { isPrompt, readExperiment, readModelVersion, readRegisteredModel } from './record-readers';
import type { Experiment, LoggedModelAnswer, ModelVersion, RegisteredModel, RunAnswer } from './records';
import { RestApi } from './rest-api';
import { isMissing, readLoggedModels, readRuns } from './run-reader';
import { type Probe, probeServer } from './server-probe';
import {
  createWebhook,
  deleteWebhook,
  readWebhook,
  testWebhook,
  type Webhook,
  type WebhookRegistration,
} from './webhooks';
import { Turns } from './worker-pool';

/** The most that MLflow accepts for models; 1000 of them took 1 s. */
const MODELS_PER_PAGE = 1000;
/** 3.3 MB and 1 to 2.5 s a page. MLflow accepts 200,000, but 100,000 are 66 MB in one answer. */
const VERSIONS_PER_PAGE = 5000;
const EXPERIMENTS_PER_PAGE = 1000;
const WEBHOOKS_PER_PAGE = 100;
/** More requests at once than MLflow has workers gave no gain; 2 to 4 workers are usual. */
const BY_ID_AT_ONCE = 4;

/** The one order that edits do not change: the default, newest edit first, loses a row for each edit. */
const BY_NAME = 'name ASC';
const NEWEST_FIRST = 'last_updated_timestamp DESC';

/** A name that stands in a filter without escaping, on every server alike. */
const FILTERABLE_NAME = /^[^'"`\\\p{C}]+$/u;

/** A list of MLflow's: where it is, under which key its rows come, and how they are read. */
interface List<Row> {
  key: string;
  pageSize: number;
  ask(page: PageAsk): Promise<Fields>;
  read(fields: Fields): Row;
  keyOf(row: Row): string;
}

/** Which models or versions are listed, in which order and pages. */
type Search<Row> = Pick<List<Row>, 'pageSize' | 'keyOf'> & { query: Readonly<Record<string, string>> };

const EVERY_MODEL: Search<RegisteredModel> = {
  pageSize: MODELS_PER_PAGE,
  query: { order_by: BY_NAME },
  keyOf: ({ name, createdAt }) => JSON.stringify([name, createdAt]),
};
const EVERY_VERSION: Search<ModelVersion> = {
  pageSize: VERSIONS_PER_PAGE,
  query: { order_by: BY_NAME },
  keyOf: ({ name, version, createdAt }) => JSON.stringify([name, version, createdAt]),
};

/**
 * Reads one MLflow tracking server. Every method throws MlflowError, or the signal's reason at once when it is aborted.
 * Holds no connection between calls: nothing to close.
 */
export class MlflowClient {
  private readonly api: RestApi;
  /** Prompts among the models: the versions of some carry no mark of their own. */
  private readonly promptNames = new Set<string>();
  private readonly elsewhere: MlflowClient[] = [];
  /** Of what is read by id, whoever reads it: two chunks of versions side by side do not load the server twice. */
  private readonly turns = new Turns(BY_ID_AT_ONCE);

  /** Throws MlflowError `egress-denied` for a URL that `checkTrackingServerUrl` refuses. */
  constructor(private readonly options: MlflowClientOptions) {
    this.api = new RestApi(options);
  }

  /** How many HTTP requests this client has sent, retries and those of its `inWorkspace` included. */
  get requests(): number {
    return this.elsewhere.reduce((sent, client) => sent + client.requests, this.api.requests);
  }

  /** A client like this one that reads another workspace of the server. */
  inWorkspace(workspace: string): MlflowClient {
    const client = new MlflowClient({ ...this.options, workspace });
    this.elsewhere.push(client);
    return client;
  }

  /** Proves that the URL is an MLflow server whose registry API answers with these credentials; call it before a read. */
  probe(signal?: AbortSignal): Promise<Probe> {
    return probeServer(this.api, this.options.workspace ?? null, signal);
  }

  /** All registered models by name, those without versions too, in pages of up to 1000; prompts left out. */
  async *registeredModels(signal: AbortSignal): AsyncGenerator<RegisteredModel[]> {
    for await (const page of this.models(EVERY_MODEL, signal)) {
      for (const model of page) if (model.isPrompt) this.promptNames.add(model.name);
      const models = page.filter((model) => !model.isPrompt);
      if (models.length > 0) yield models;
    }
  }

  /**
   * All model versions by name, in pages of up to 5000; prompts left out (on servers before MLflow 3 some are only known
   * after `registeredModels`). A version that is missing here is not proved gone: ask `modelVersion`.
   */
  async *modelVersions(signal: AbortSignal): AsyncGenerator<ModelVersion[]> {
    for await (const page of this.versions(EVERY_VERSION, signal)) {
      const versions = page.filter(({ name, tags }) => !isPrompt(tags) && !this.promptNames.has(name));
      if (versions.length > 0) yield versions;
    }
  }

  /** All experiments by id, deleted ones too. */
  async experiments(signal: AbortSignal): Promise<Map<string, Experiment>> {
    const found = new Map<string, Experiment>();
    const pages = this.list<Experiment>({
      key: 'experiments',
      pageSize: EXPERIMENTS_PER_PAGE,
      ask: ({ size, token, retryTimeouts }) => {
        const body = { max_results: size, view_type: 'ALL', order_by: ['experiment_id ASC'] };
        const page = token === '' ? body : { ...body, page_token: token };
        return this.api.post('experiments/search', page, { signal, retryTimeouts });
      },
      read: readExperiment,
      keyOf: ({ id }) => id,
    });
    for await (const page of pages) for (const experiment of page) found.set(experiment.id, experiment);
    return found;
  }

  /** Runs by id, active and deleted. Every asked id has an answer; an absence is never taken from a search alone. */
  runs(
    runIds: readonly string[],
    experimentIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, RunAnswer>> {
    return readRuns(this.api, { ids: runIds, experimentIds, signal, turns: this.turns });
  }

  /** LoggedModels (MLflow 3) by id, answered as `runs`; null where the server is older and has none. */
  loggedModels(
    modelIds: readonly string[],
    experimentIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, LoggedModelAnswer | null>> {
    return readLoggedModels(this.api, { ids: modelIds, experimentIds, signal, turns: this.turns });
  }

  /** One version; null when MLflow itself says that there is none, and for no other reason. */
  modelVersion(name: string, version: string, signal: AbortSignal): Promise<ModelVersion | null> {
    return nullWhenMissing(async () => {
      const answer = await this.api.get('model-versions/get', { name, version }, { signal });
      return readModelVersion(objectIn(answer, 'model_version'));
    });
  }

  /** One model, a prompt too; null when MLflow itself says that there is none, and for no other reason. */
  registeredModel(name: string, signal: AbortSignal): Promise<RegisteredModel | null> {
    return nullWhenMissing(async () => {
      const answer = await this.api.get('registered-models/get', { name }, { signal });
      return readRegisteredModel(objectIn(answer, 'registered_model'));
    });
  }

  /**
   * Models by their last update, newest first, in pages of this size; prompts among them, for each row tells how far back the page
   * reaches. Whoever changes a model meanwhile moves it to the front: read it again from the front to see that.
   */
  newestModels(pageSize: number, signal: AbortSignal): AsyncGenerator<RegisteredModel[]> {
    const keyOf = (row: RegisteredModel): string => JSON.stringify([row.name, row.createdAt, row.updatedAt]);
    return this.models({ pageSize, query: { order_by: NEWEST_FIRST }, keyOf }, signal);
  }

  /** Versions by their last update, as `newestModels`. */
  newestModelVersions(pageSize: number, signal: AbortSignal): AsyncGenerator<ModelVersion[]> {
    const keyOf = ({ name, version, createdAt, updatedAt }: ModelVersion): string =>
      JSON.stringify([name, version, createdAt, updatedAt]);
    return this.versions({ pageSize, query: { order_by: NEWEST_FIRST }, keyOf }, signal);
  }

  /** The versions of one model; null where no filter can name it. */
  modelVersionsOf(name: string, signal: AbortSignal): AsyncGenerator<ModelVersion[]> | null {
    if (!FILTERABLE_NAME.test(name)) return null;
    return this.versions(
      { ...EVERY_VERSION, query: { order_by: BY_NAME, filter: `name='${name}'` } },
      signal,
    );
  }

  /** Has MLflow deliver the events of models to a URL. Returns the registration's id. Not to be retried: each try would make one. */
  createWebhook(registration: WebhookRegistration, signal?: AbortSignal): Promise<string> {
    return createWebhook(this.api, registration, signal);
  }

  /** Ids of the registrations of this name, which need not be unique. */
  async webhooksNamed(name: string, signal?: AbortSignal): Promise<string[]> {
    const ids: string[] = [];
    const pages = this.list<Webhook>({
      key: 'webhooks',
      pageSize: WEBHOOKS_PER_PAGE,
      ask: (page) => this.search('webhooks', {}, page, signal),
      read: readWebhook,
      keyOf: ({ id }) => id,
    });
    for await (const page of pages) for (const one of page) if (one.name === name) ids.push(one.id);
    return ids;
  }

  deleteWebhook(id: string, signal?: AbortSignal): Promise<void> {
    return deleteWebhook(this.api, id, signal);
  }

  /** Has MLflow deliver an example; false where it did not arrive. */
  testWebhook(id: string, signal?: AbortSignal): Promise<boolean> {
    return testWebhook(this.api, id, signal);
  }

  private models(
    { query, ...asked }: Search<RegisteredModel>,
    signal: AbortSignal,
  ): AsyncGenerator<RegisteredModel[]> {
    return this.list({
      ...{ ...asked, key: 'registered_models', read: readRegisteredModel },
      ask: (page) => this.search('registered-models/search', query, page, signal),
    });
  }

  private versions(
    { query, ...asked }: Search<ModelVersion>,
    signal: AbortSignal,
  ): AsyncGenerator<ModelVersion[]> {
    return this.list({
      ...{ ...asked, key: 'model_versions', read: readModelVersion },
      ask: (page) => this.search('model-versions/search', query, page, signal),
    });
  }

  private list<Row>(list: List<Row>): AsyncGenerator<Row[]> {
    const reader = new PageReader<Row>({
      pageSize: list.pageSize,
      retries: this.api.maxAttempts > 1,
      keyOf: list.keyOf,
      ask: async (page): Promise<PageAnswer<Row>> => {
        const answer = await list.ask(page);
        return {
          rows: listIn(answer, list.key).map(list.read),
          nextToken: optionalTextIn(answer, 'next_page_token') ?? '',
        };
      },
    });
    return reader.pages();
  }

  private search(
    path: string,
    asked: Readonly<Record<string, string>>,
    { size, token, retryTimeouts }: PageAsk,
    signal: AbortSignal | undefined,
  ): Promise<Fields> {
    const query = { max_results: String(size), ...asked };
    return this.api.get(path, token === '' ? query : { ...query, page_token: token }, {
      signal,
      retryTimeouts,
    });
  }
}

async function nullWhenMissing<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    // RESOURCE_DOES_NOT_EXIST proves the absence; a 403, another 404 or a fault proves nothing.
    if (error instanceof MlflowError && isMissing(error)) return null;
    throw error;
  }
}
