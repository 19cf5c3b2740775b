/** What a run or a LoggedModel is made with. Metric values that are no JSON numbers go by their names. */
export interface RunData {
  name?: string;
  status?: 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';
  metrics?: Readonly<Record<string, number | 'NaN' | 'Infinity' | '-Infinity'>>;
  params?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
  datasets?: readonly DatasetInput[];
}

export interface DatasetInput {
  name: string;
  digest: string;
  /** What it is for; nobody says where left out. */
  context?: string;
}

export interface VersionData {
  source?: string;
  runId?: string;
  /** The LoggedModel it is made from. */
  modelId?: string;
  description?: string;
  tags?: Readonly<Record<string, string>>;
}

export interface ApiAuth {
  username: string;
  password: string;
}

type Json = Record<string, unknown>;

/** The writing half of MLflow's REST API, for arranging data. Each call throws with the server's own words. */
export type MlflowApi = ReturnType<typeof mlflowApi>;

export function mlflowApi(url: string, auth?: ApiAuth, workspace?: string) {
  const call = async (method: string, path: string, body?: Json): Promise<Json> => {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    if (workspace !== undefined) headers['x-mlflow-workspace'] = workspace;
    if (auth !== undefined) {
      headers['authorization'] =
        `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
    }
    const full = path.startsWith('/') ? `${url}${path}` : `${url}/api/2.0/mlflow/${path}`;
    const answer = await fetch(full, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return parseObject(text);
  };
  const post = (path: string, body: Json) => call('POST', path, body);
  const version = (name: string, number: string) => ({ name, version: number });

  const logInputs = (runId: string, datasets: readonly DatasetInput[]) =>
    post('runs/log-inputs', {
      run_id: runId,
      datasets: datasets.map(({ name, digest, context }) => ({
        dataset: { name, digest, source_type: 's3', source: JSON.stringify({ uri: `s3://data/${name}` }) },
        tags: context === undefined ? [] : pairs({ 'mlflow.data.context': context }),
      })),
    });

  return {
    call,

    createModel: (name: string, data: Pick<VersionData, 'description' | 'tags'> = {}) =>
      post('registered-models/create', { name, ...data, tags: pairs(data.tags) }),
    updateModel: (name: string, description: string) =>
      call('PATCH', 'registered-models/update', { name, description }),
    renameModel: (name: string, newName: string) =>
      post('registered-models/rename', { name, new_name: newName }),
    deleteModel: (name: string) => call('DELETE', 'registered-models/delete', { name }),
    setModelTag: (name: string, key: string, value: string) =>
      post('registered-models/set-tag', { name, key, value }),
    setAlias: (name: string, alias: string, number: string) =>
      post('registered-models/alias', { name, alias, version: number }),
    deleteAlias: (name: string, alias: string) => call('DELETE', 'registered-models/alias', { name, alias }),

    /** @returns the new version's number. */
    createVersion: async (name: string, data: VersionData = {}): Promise<string> => {
      const made = await post('model-versions/create', {
        name,
        source: data.source ?? 's3://bucket/model',
        ...(data.runId === undefined ? {} : { run_id: data.runId }),
        ...(data.modelId === undefined ? {} : { model_id: data.modelId }),
        ...(data.description === undefined ? {} : { description: data.description }),
        tags: pairs(data.tags),
      });
      return text(made, 'model_version', 'version');
    },
    updateVersion: (name: string, number: string, description: string) =>
      call('PATCH', 'model-versions/update', { ...version(name, number), description }),
    setStage: (name: string, number: string, stage: string) =>
      post('model-versions/transition-stage', {
        ...version(name, number),
        stage,
        archive_existing_versions: false,
      }),
    setVersionTag: (name: string, number: string, key: string, value: string) =>
      post('model-versions/set-tag', { ...version(name, number), key, value }),
    deleteVersionTag: (name: string, number: string, key: string) =>
      call('DELETE', 'model-versions/delete-tag', { ...version(name, number), key }),
    deleteVersion: (name: string, number: string) =>
      call('DELETE', 'model-versions/delete', version(name, number)),

    /** @returns the new experiment's id. */
    createExperiment: async (name: string, artifactLocation?: string): Promise<string> => {
      const location = artifactLocation === undefined ? {} : { artifact_location: artifactLocation };
      return text(await post('experiments/create', { name, ...location }), 'experiment_id');
    },
    deleteExperiment: (id: string) => post('experiments/delete', { experiment_id: id }),
    restoreExperiment: (id: string) => post('experiments/restore', { experiment_id: id }),

    /** @returns the new run's id. */
    createRun: async (experimentId: string, data: RunData = {}): Promise<string> => {
      const made = await post('runs/create', {
        experiment_id: experimentId,
        start_time: Date.now(),
        ...(data.name === undefined ? {} : { run_name: data.name }),
        tags: pairs(data.tags),
      });
      const runId = text(made, 'run', 'info', 'run_id');
      await post('runs/log-batch', {
        run_id: runId,
        metrics: metricRows(data.metrics),
        params: pairs(data.params),
      });
      if (data.datasets !== undefined) await logInputs(runId, data.datasets);
      const status = data.status ?? 'FINISHED';
      if (status !== 'RUNNING') await post('runs/update', { run_id: runId, status, end_time: Date.now() });
      return runId;
    },
    logMetrics: (runId: string, metrics: NonNullable<RunData['metrics']>) =>
      post('runs/log-batch', { run_id: runId, metrics: metricRows(metrics) }),
    logInputs,
    setRunTag: (runId: string, key: string, value: string) =>
      post('runs/set-tag', { run_id: runId, key, value }),
    deleteRun: (runId: string) => post('runs/delete', { run_id: runId }),
    restoreRun: (runId: string) => post('runs/restore', { run_id: runId }),

    /**
     * A LoggedModel of MLflow 3 that names no run. Metrics reach one only through a run, which is made here; they are all measured on the
     * first of the datasets.
     *
     * @returns the new model's id.
     */
    createLoggedModel: async (experimentId: string, data: RunData = {}): Promise<string> => {
      const made = await post('logged-models', {
        experiment_id: experimentId,
        name: data.name ?? 'model',
        params: pairs(data.params),
        tags: pairs(data.tags),
      });
      const modelId = text(made, 'model', 'info', 'model_id');
      const [dataset] = data.datasets ?? [];
      const measuredOn =
        dataset === undefined ? {} : { dataset_name: dataset.name, dataset_digest: dataset.digest };
      const metrics = metricRows(data.metrics).map((row) => ({ ...row, model_id: modelId, ...measuredOn }));
      if (metrics.length > 0) {
        const run = await post('runs/create', { experiment_id: experimentId, start_time: Date.now() });
        await post('runs/log-batch', { run_id: text(run, 'run', 'info', 'run_id'), metrics });
      }
      await call('PATCH', `logged-models/${modelId}`, { model_id: modelId, status: 'LOGGED_MODEL_READY' });
      return modelId;
    },

    /** A prompt with one version, as MLflow's own client makes one. */
    createPrompt: async (name: string, template: string) => {
      const isPrompt = { 'mlflow.prompt.is_prompt': 'true' };
      await post('registered-models/create', { name, tags: pairs(isPrompt) });
      const tags = pairs({ ...isPrompt, 'mlflow.prompt.text': template });
      await post('model-versions/create', { name, source: 'dummy-source', tags });
    },

    createUser: (username: string, password: string) => post('users/create', { username, password }),
    /** `resource` is a model's name or an experiment's id; `*` for all. */
    grant: (
      username: string,
      type: 'registered_model' | 'experiment',
      resource: string,
      permission: string,
    ) =>
      call('POST', '/api/3.0/mlflow/users/permissions/grant', {
        username,
        resource_type: type,
        resource_id: resource,
        resource_pattern: resource,
        permission,
      }),
    /** Takes back what `grant` gave or denied. */
    revoke: (username: string, type: 'registered_model' | 'experiment', resource: string) =>
      post('/api/3.0/mlflow/users/permissions/revoke', {
        username,
        resource_type: type,
        resource_id: resource,
        resource_pattern: resource,
      }),
  };
}

function pairs(values: Readonly<Record<string, string>> = {}): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function metricRows(metrics: RunData['metrics'] = {}) {
  const timestamp = Date.now();
  return Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp, step: 0 }));
}

function parseObject(body: string): Json {
  const value: unknown = body === '' ? {} : JSON.parse(body);
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function text(value: Json, ...path: string[]): string {
  let found: unknown = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  if (typeof found !== 'string') throw new Error(`MLflow's answer has no ${path.join('.')}`);
  return found;
}
