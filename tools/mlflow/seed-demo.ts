import { DEMO_MODELS, type DemoModel } from './demo-models.ts';
import { type ApiAuth, mlflowApi, type MlflowApi, type RunData } from './mlflow-api.ts';

const EMPTY_MODEL = 'esg-transition-score';
const VENDOR_MODEL = 'vendor-sanctions-screening';
const LOGGED_MODEL = 'complaints-summariser-llm';
const SHARED_RUN_MODEL = 'deposit-beta-pair';
const LAPSED_MODEL = 'overdraft-limit-legacy';
const PROMPT = 'complaints-summary-prompt';

/** How many models are made at a time: MLflow has one worker and SQLite one writer. */
const CONCURRENCY = 3;

/**
 * Fills a server with the registry of a bank: 18 models and 64 versions in 5 to 20 s. Does nothing on a server
 * that has models of its own; one that was only half filled is completed, model by model.
 */
export async function seedDemoRegistry(url: string, auth?: ApiAuth): Promise<void> {
  const api = mlflowApi(url, auth);
  const steps = new Map<string, () => Promise<void>>([
    ...DEMO_MODELS.map((model) => [model.name, () => seedModel(api, model)] as const),
    [EMPTY_MODEL, () => seedEmptyModel(api)],
    [VENDOR_MODEL, () => seedVendorModel(api)],
    [LOGGED_MODEL, () => seedLoggedModel(api)],
    [SHARED_RUN_MODEL, () => seedSharedRun(api)],
    [LAPSED_MODEL, () => seedLapsedModel(api)],
  ]);
  const present = await modelNames(api);
  if (present.some((name) => !steps.has(name))) return;
  const missing = [...steps].filter(([name]) => !present.includes(name)).map(([, seed]) => seed);
  if (missing.length === 0) return;
  await seedPrompt(api);
  const queue = missing.values();
  const worker = async () => {
    for (const seed of queue) await seed();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function modelNames(api: MlflowApi): Promise<string[]> {
  const answer = await api.call('GET', 'registered-models/search?max_results=1000');
  const models = Array.isArray(answer['registered_models']) ? answer['registered_models'] : [];
  return models.map((model: { name: string }) => model.name);
}

async function seedModel(api: MlflowApi, model: DemoModel): Promise<void> {
  const experiment = await experimentNamed(api, model.experiment);
  await api.createModel(model.name, {
    ...(model.description === undefined ? {} : { description: model.description }),
    ...(model.tags === undefined ? {} : { tags: model.tags }),
  });
  for (const [index, stage] of model.stages.entries()) {
    const age = model.stages.length - 1 - index;
    const runId = await api.createRun(experiment, {
      name: `train-${index + 1}`,
      ...(model.params === undefined ? {} : { params: model.params }),
      ...(model.datasets === undefined ? {} : { datasets: model.datasets }),
      metrics: olderMetrics(model.metrics ?? {}, age),
      tags: { 'mlflow.source.git.commit': commitOf(index) },
    });
    const note = model.notes?.[index + 1];
    const number = await api.createVersion(model.name, {
      runId,
      source: `s3://nfb-mlflow/${experiment}/${runId}/artifacts/model`,
      ...(note === undefined ? {} : { description: note }),
      ...(model.versionTags === undefined ? {} : { tags: model.versionTags }),
    });
    if (stage !== 'None') await api.setStage(model.name, number, stage);
  }
  for (const [alias, number] of Object.entries(model.aliases ?? {})) {
    await api.setAlias(model.name, alias, String(number));
  }
}

async function seedEmptyModel(api: MlflowApi): Promise<void> {
  await api.createModel(EMPTY_MODEL, { description: 'Reserved; the first version is due next year.' });
}

/** Bought: a source, and no run behind it. */
async function seedVendorModel(api: MlflowApi): Promise<void> {
  const tags = { vendor: 'Nordic Screening AB', contract: 'NFB-2291' };
  await api.createModel(VENDOR_MODEL, { description: 'Sanctions screening, bought as a service.', tags });
  const number = await api.createVersion(VENDOR_MODEL, {
    source: 's3://nfb-vendor/sanctions/4.2.0',
    description: 'Release 4.2.0 of the vendor. No training run is available to us.',
  });
  await api.setStage(VENDOR_MODEL, number, 'Production');
}

/** MLflow 3: the metrics belong to a LoggedModel, not to a run. */
async function seedLoggedModel(api: MlflowApi): Promise<void> {
  const experiment = await experimentNamed(api, 'complaints/summaries');
  const modelId = await api.createLoggedModel(experiment, {
    name: 'summariser',
    params: { base_model: 'nordic-7b', lora_rank: '16' },
    metrics: { rouge_l: 0.417, faithfulness: 0.93, toxicity: 0 },
    datasets: [{ name: 'complaints_2026h1', digest: '55ad90e3' }],
    tags: { 'mlflow.source.git.commit': commitOf(0) },
  });
  await api.createModel(LOGGED_MODEL, { description: 'Summaries of complaints for case handlers.' });
  const data = { source: `models:/${modelId}`, modelId, description: 'First version on a LoggedModel.' };
  const number = await api.createVersion(LOGGED_MODEL, data);
  await api.setStage(LOGGED_MODEL, number, 'Staging');
  await api.setAlias(LOGGED_MODEL, 'challenger', number);
}

/** One run behind several versions. */
async function seedSharedRun(api: MlflowApi): Promise<void> {
  const experiment = await experimentNamed(api, 'treasury/deposits');
  const runId = await api.createRun(experiment, {
    params: { segments: 'retail, corporate' },
    metrics: { rmse_retail: 0.021, rmse_corporate: 0.034 },
  });
  await api.createModel(SHARED_RUN_MODEL, {
    description: 'Deposit betas of two segments from one training run.',
  });
  for (const segment of ['retail', 'corporate']) {
    const source = `s3://nfb-mlflow/${experiment}/${runId}/artifacts/${segment}`;
    await api.createVersion(SHARED_RUN_MODEL, { runId, source, tags: { segment } });
  }
}

/** Version 1: its run is deleted. Version 2: its whole experiment is. */
async function seedLapsedModel(api: MlflowApi): Promise<void> {
  const kept = await experimentNamed(api, 'retail/overdraft');
  const lapsed = await api.createExperiment(`retail/overdraft-2024 (${Date.now()})`);
  const runs = [
    await api.createRun(kept, { metrics: { auc: 0.701 }, params: { algorithm: 'scorecard' } }),
    await api.createRun(lapsed, { metrics: { auc: 0.688 }, params: { algorithm: 'scorecard' } }),
  ];
  await api.createModel(LAPSED_MODEL, { description: 'Overdraft limits, being retired.' });
  for (const runId of runs) {
    const number = await api.createVersion(LAPSED_MODEL, {
      runId,
      source: `s3://nfb-mlflow/${runId}/artifacts`,
    });
    await api.setStage(LAPSED_MODEL, number, 'Archived');
  }
  await api.deleteRun(runs[0] ?? '');
  await api.deleteExperiment(lapsed);
}

/** Stored like a model; no model, and in no inventory. */
async function seedPrompt(api: MlflowApi): Promise<void> {
  const known = await api
    .call('GET', `registered-models/get?name=${encodeURIComponent(PROMPT)}`)
    // 404: not made yet.
    .catch(() => null);
  if (known === null) await api.createPrompt(PROMPT, 'Summarise the complaint: {{complaint}}');
}

async function experimentNamed(api: MlflowApi, name: string): Promise<string> {
  try {
    return await api.createExperiment(name, `s3://nfb-mlflow/${encodeURIComponent(name)}`);
  } catch {
    // RESOURCE_ALREADY_EXISTS, from a seeding that was cut short.
    const answer = await api.call(
      'GET',
      `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`,
    );
    const experiment = answer['experiment'];
    if (typeof experiment === 'object' && experiment !== null && 'experiment_id' in experiment) {
      return String(experiment.experiment_id);
    }
    throw new Error(`MLflow has no experiment ${name}`);
  }
}

/** Each older version a little different, so that the course of a metric shows one. */
function olderMetrics(
  metrics: NonNullable<RunData['metrics']>,
  age: number,
): NonNullable<RunData['metrics']> {
  return Object.fromEntries(
    Object.entries(metrics).map(([key, value]) => {
      if (typeof value !== 'number' || age === 0) return [key, value];
      const wobble = ((age * 7) % 5) * 0.0015;
      return [key, Number((value * (1 - 0.0125 * age + wobble)).toPrecision(6))];
    }),
  );
}

function commitOf(index: number): string {
  return (0x3f9c0c1e + index * 7919).toString(16).padStart(8, '0').repeat(5);
}
