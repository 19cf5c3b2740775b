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
    run: { data: { metrics?: Pair[]; params?: Pair[] } };
  };
  const { metrics = [], params = [] } = run.data;
  return { version, stage, runId, description, metrics, parameters: params, tags };
}
