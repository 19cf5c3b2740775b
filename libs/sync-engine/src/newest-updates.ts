import type { MlflowClient } from '@vw/mlflow-client';
import type { Registry, Seen } from '@vw/mlflow-connection';
import type { ListedModel, ListedVersion } from '@vw/model-inventory';

/** What a minute brings fits in; 100 versions are 70 kB. */
const FIRST_PAGE = 100;
/** Where a minute brought more, or the poll was off for days. MLflow's most for models. */
const FURTHER_PAGES = 1000;

/** What a registry lists as updated since, and what its newest updates are. */
export interface Updates {
  models: ListedModel[];
  versions: ListedVersion[];
  newest: Seen;
  /** Whether more than a first page had to be read. */
  isDeep: boolean;
}

/** The last update of any model and of any version in these registries, by MLflow's own clock; 0 where there is none. */
export async function newestUpdates(registries: readonly Registry[], signal: AbortSignal): Promise<Seen> {
  let newest: Seen = { models: 0, versions: 0 };
  for (const { client } of registries) {
    if (!client) continue;
    const [model] = await firstPage(client.newestModels(1, signal));
    const [version] = await firstPage(client.newestModelVersions(1, signal));
    newest = laterOf(newest, { models: model?.updatedAt ?? 0, versions: version?.updatedAt ?? 0 });
  }
  return newest;
}

export function laterOf(one: Seen, other: Seen): Seen {
  return {
    models: Math.max(one.models, other.models),
    versions: Math.max(one.versions, other.versions),
  };
}

/**
 * What was updated since `seen`, equal times included: two requests, as long as that fits into a first page. MLflow cannot be asked by
 * time, so its lists are read newest first, until what is listed is older. Tags, aliases and runs move no update and are not found.
 */
export async function updatesSince(client: MlflowClient, seen: Seen, signal: AbortSignal): Promise<Updates> {
  const models = await since(seen.models, {
    list: (size) => client.newestModels(size, signal),
    // A prompt tells how far back the list reaches, and is no news.
    kept: ({ isPrompt, name, createdAt, updatedAt }) => (isPrompt ? [] : [{ name, createdAt, updatedAt }]),
  });
  const versions = await since(seen.versions, {
    list: (size) => client.newestModelVersions(size, signal),
    kept: ({ name, version, createdAt, updatedAt }) => [{ name, version, createdAt, updatedAt }],
  });
  return {
    models: models.kept,
    versions: versions.kept,
    newest: { models: models.newest ?? seen.models, versions: versions.newest ?? seen.versions },
    isDeep: models.isDeep || versions.isDeep,
  };
}

interface Listing<Row, Kept> {
  list(pageSize: number): AsyncGenerator<Row[]>;
  /** What stays in memory of a row: nobody knows how many were changed. */
  kept(row: Row): Kept[];
}

interface Since<Kept> {
  kept: Kept[];
  newest: number | undefined;
  isDeep: boolean;
}

async function since<Row extends { updatedAt: number }, Kept>(
  instant: number,
  { list, kept }: Listing<Row, Kept>,
): Promise<Since<Kept>> {
  const pages = list(FIRST_PAGE);
  const { value: first = [] } = await pages.next();
  const newest = first[0]?.updatedAt;
  // Its older rows are there already: compared with the rest, they find what an uneven clock put out of order. A page that is not full may be
  // half of one that was too large: whether it is the last its reader knows, without a request.
  const isAll = isBefore(first, instant) || (first.length < FIRST_PAGE && (await pages.next()).done === true);
  await pages.return(undefined);
  if (isAll) return { kept: first.flatMap(kept), newest, isDeep: false };
  const all: Kept[] = [];
  for await (const page of list(FURTHER_PAGES)) {
    all.push(...page.flatMap(kept));
    if (isBefore(page, instant)) break;
  }
  return { kept: all, newest, isDeep: true };
}

function isBefore(page: readonly { updatedAt: number }[], instant: number): boolean {
  const oldest = page.at(-1);
  return oldest === undefined || oldest.updatedAt < instant;
}

async function firstPage<Row>(pages: AsyncGenerator<Row[]>): Promise<Row[]> {
  for await (const page of pages) return page;
  return [];
}
