/** What a registry holds, by model and version: each version's facts, and the names of the models, empty ones too. */
export interface RegistryFacts {
  models: string[];
  versions: ReadonlyMap<string, VersionFacts>;
}

/** All that the drawer shows of a version, in one spelling whoever tells it. */
export interface VersionFacts {
  stage: string;
  aliases: string[];
  description: string;
  modelDescription: string;
  modelTags: Record<string, unknown>;
  tags: Record<string, unknown>;
  source: string;
  runId: string | null;
  run: { state: string; status: string | null } | null;
  metrics: Record<string, unknown>;
  parameters: Record<string, unknown>;
  commit: string | null;
  creator: string | null;
  datasets: Dataset[];
  experiment: { id: string; name: string; artifactLocation: string } | null;
  createdAt: string;
  updatedAt: string;
}

export interface Dataset {
  name: string;
  digest: string;
  context: unknown;
}

interface Pair {
  key: string;
  value: unknown;
}

interface Measured extends Pair {
  dataset_name?: string;
  dataset_digest?: string;
}

/** A run, or a LoggedModel, which keeps its tags elsewhere and its data with its metrics. */
interface Evidence {
  info: Record<string, string> & { tags?: Pair[] };
  data?: { metrics?: Measured[]; params?: Pair[]; tags?: Pair[] };
  inputs?: { dataset_inputs?: { dataset: { name: string; digest: string }; tags?: Pair[] }[] };
}

interface RegisteredModel {
  name: string;
  description?: string;
  tags?: Pair[];
  aliases?: { alias: string; version: string }[];
}

interface Answer {
  next_page_token?: string;
  registered_models?: RegisteredModel[];
  model_versions?: (Record<string, string> & { tags?: Pair[] })[];
  run?: Evidence;
  model?: Evidence;
  experiment?: Record<string, string>;
}

/** What MLflow's own API says of every version, read one by one and apart from our client. */
export async function readUpstream(url: string, authorization?: string): Promise<RegistryFacts> {
  const asked = new Map<string, Promise<Answer>>();
  const get = (path: string): Promise<Answer> => {
    const answer = asked.get(path) ?? fetchAnswer(`${url}/api/2.0/mlflow/${path}`, authorization);
    asked.set(path, answer);
    return answer;
  };
  const models = await allOf(get, 'registered-models/search?max_results=1000', 'registered_models');
  const versions = await allOf(get, 'model-versions/search?max_results=10000', 'model_versions');
  const facts = new Map<string, VersionFacts>();
  for (const version of versions) {
    const model = models.find((one) => one.name === version['name']);
    if (!model)
      throw new Error(
        `MLflow lists version ${version['version']} of ${version['name']}, and no model of that name.`,
      );
    facts.set(`${shown(model.name)}/${version['version']}`, {
      ...(await evidenceOf(version, get)),
      stage: version['current_stage'] ?? '',
      aliases: (model.aliases ?? [])
        .filter((one) => one.version === version['version'])
        .map((one) => one.alias)
        .sort(),
      description: version['description'] ?? '',
      modelDescription: model.description ?? '',
      modelTags: record(model.tags),
      tags: record(version.tags),
      source: version['source'] ?? '',
      createdAt: new Date(Number(version['creation_timestamp'])).toISOString(),
      updatedAt: new Date(Number(version['last_updated_timestamp'])).toISOString(),
    });
  }
  return { models: models.map(({ name }) => shown(name)).sort(), versions: facts };
}

/** Every row of a list, on as many pages as MLflow gives it. */
async function allOf<Key extends 'registered_models' | 'model_versions'>(
  get: (path: string) => Promise<Answer>,
  path: string,
  key: Key,
): Promise<NonNullable<Answer[Key]>[number][]> {
  const rows: NonNullable<Answer[Key]>[number][] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page: Answer = await get(token ? `${path}&page_token=${encodeURIComponent(token)}` : path);
    rows.push(...(page[key] ?? []));
    token = page.next_page_token || undefined;
  }
  return rows;
}

async function evidenceOf(
  version: Record<string, unknown>,
  get: (path: string) => Promise<Answer>,
): Promise<
  Pick<
    VersionFacts,
    'runId' | 'run' | 'metrics' | 'parameters' | 'commit' | 'creator' | 'datasets' | 'experiment'
  >
> {
  const runId = String(version['run_id'] ?? '');
  const logged = /^models:\/(m-[0-9a-f]+)$/.exec(String(version['source'] ?? ''))?.[1];
  const evidence = runId
    ? (await get(`runs/get?run_id=${runId}`)).run
    : logged && (await get(`logged-models/${logged}`)).model;
  const { experiment_id: experimentId, ...info }: Partial<Evidence['info']> =
    (evidence && evidence.info) || {};
  const tags = record((runId ? evidence && evidence.data?.tags : info.tags) || []);
  const experiment = experimentId
    ? (await get(`experiments/get?experiment_id=${experimentId}`)).experiment
    : undefined;
  return {
    runId: runId || null,
    run: runId ? { state: info['lifecycle_stage'] ?? '', status: info['status'] ?? null } : null,
    metrics: record((evidence && evidence.data?.metrics) || []),
    parameters: record((evidence && evidence.data?.params) || []),
    commit: textOrNull(tags['mlflow.source.git.commit']),
    creator: textOrNull(tags['mlflow.user']),
    datasets: inOrder(evidence ? datasetsOf(evidence, runId !== '') : []),
    experiment: experiment
      ? {
          id: experiment['experiment_id'] ?? '',
          name: experiment['name'] ?? '',
          artifactLocation: experiment['artifact_location'] ?? '',
        }
      : null,
  };
}

function datasetsOf({ inputs, data }: Evidence, isRun: boolean): Dataset[] {
  const given = (inputs?.dataset_inputs ?? []).map(({ dataset: { name, digest }, tags }) => ({
    ...{ name, digest },
    context: record(tags)['mlflow.data.context'] ?? null,
  }));
  if (isRun) return given;
  return (data?.metrics ?? []).flatMap(({ dataset_name: name, dataset_digest: digest = '' }) =>
    name ? [{ name, digest, context: null }] : [],
  );
}

/** Each once, in an order of their own. */
export function inOrder(datasets: readonly Dataset[]): Dataset[] {
  const found = new Map(datasets.map((one) => [JSON.stringify([one.name, one.digest, one.context]), one]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dataset]) => dataset);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

async function fetchAnswer(url: string, authorization?: string): Promise<Answer> {
  const answer = await fetch(url, authorization ? { headers: { authorization } } : {});
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.json()) as Answer;
}

function record(pairs: readonly Pair[] = []): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

/** NUL is shown as a sign of its own, for Postgres' text cannot hold it. */
function shown(name: string): string {
  return name.replaceAll('\0', '␀');
}
