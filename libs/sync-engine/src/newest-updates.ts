import type { MlflowClient } from '@vw/mlflow-client';
import type { Seen } from '@vw/mlflow-connection';
import type { ListedModel, ListedVersion } from '@vw/model-inventory';

/** What a minute brings fits in; 100 versions are 70 kB. */
const FIRST_PAGE = 100;
/** Where a minute brought more, or the poll was off for days. MLflow's most for models. */
const FURTHER_PAGES = 1000;

/** What MLflow lists as updated since, and what its newest updates are. */
export interface Updates {
  models: ListedModel[];
  versions: ListedVersion[];
  newest: Seen;
  /** Whether more than a first page had to be read. */
  isDeep: boolean;
}

/** The last update of any model and of any version, by MLflow's own clock; 0 where there is none. */
export async function newestUpdates(client: MlflowClient, signal: AbortSignal): Promise<Seen> {
  const [model] = await firstPage(client.newestModels(1, signal));
  const [version] = await firstPage(client.newestModelVersions(1, signal));
  return { models: model?.updatedAt ?? 0, versions: version?.updatedAt ?? 0 };
}

/**
 * What was updated since `seen`, equal times included: two requests, as long as that fits into a first page. MLflow cannot be asked by
 * time, so its lists are read newest first, until what is listed is older. Tags, aliases and runs move no update and are not found.
 */
export async function updatesSince(client: MlflowClient, seen: Seen, signal: AbortSignal): Promise<Updates> {
  const models = await since(seen.models, (size) => client.newestModels(size, signal));
  const versions = await since(seen.versions, (size) => client.newestModelVersions(size, signal));
  return {
    models: models.rows
      .filter((model) => !model.isPrompt)
      .map(({ name, createdAt, updatedAt }) => ({ name, createdAt, updatedAt })),
    versions: versions.rows.map(({ name, version, createdAt, updatedAt }) => ({
      ...{ name, version },
      ...{ createdAt, updatedAt },
    })),
    newest: { models: models.newest ?? seen.models, versions: versions.newest ?? seen.versions },
    isDeep: models.isDeep || versions.isDeep,
  };
}

interface Since<Row> {
  rows: Row[];
  newest: number | undefined;
  isDeep: boolean;
}

async function since<Row extends { updatedAt: number }>(
  instant: number,
  list: (pageSize: number) => AsyncGenerator<Row[]>,
): Promise<Since<Row>> {
  const rows = await firstPage(list(FIRST_PAGE));
  const newest = rows[0]?.updatedAt;
  // Its older rows are there already: compared with the rest, they find what an uneven clock put out of order.
  if (rows.length < FIRST_PAGE || isBefore(rows, instant)) return { rows, newest, isDeep: false };
  rows.length = 0;
  for await (const page of list(FURTHER_PAGES)) {
    rows.push(...page);
    if (isBefore(page, instant)) break;
  }
  return { rows, newest, isDeep: true };
}

function isBefore(page: readonly { updatedAt: number }[], instant: number): boolean {
  const oldest = page.at(-1);
  return oldest === undefined || oldest.updatedAt < instant;
}

async function firstPage<Row>(pages: AsyncGenerator<Row[]>): Promise<Row[]> {
  for await (const page of pages) return page;
  return [];
}
