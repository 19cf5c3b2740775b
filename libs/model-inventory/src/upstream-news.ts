import { Injectable } from '@nestjs/common';
import { Database } from '@vw/platform';
import { modelId, storable } from './identity';
import { selectNewModels, selectNewVersions } from './news-statements';

/** What a listing tells of a model or version without reading it. Times are epoch milliseconds. */
export interface ListedModel {
  name: string;
  createdAt: number;
  updatedAt: number;
}

export interface ListedVersion extends ListedModel {
  version: string;
}

/** Compares what a listing of MLflow says with what is held, by identity and last update. */
@Injectable()
export class UpstreamNews {
  constructor(private readonly database: Database) {}

  /** Those that are not held as they are listed: new, updated since, or removed before. */
  async among<Model extends ListedModel, Version extends ListedVersion>(
    orgId: string,
    source: string,
    listed: { models: readonly Model[]; versions: readonly Version[] },
  ): Promise<{ models: Model[]; versions: Version[] }> {
    const models = listed.models.map((model) => ({
      id: modelId(source, model.name, model.createdAt),
      updatedAt: instant(model.updatedAt),
    }));
    const versions = listed.versions.map((version) => ({
      name: storable(version.name),
      version: storable(version.version),
      createdAt: instant(version.createdAt),
      updatedAt: instant(version.updatedAt),
    }));
    return this.database.orgTransaction(orgId, async (tx) => ({
      models: pick(listed.models, await selectNewModels(tx, orgId, models)),
      versions: pick(listed.versions, await selectNewVersions(tx, { orgId, source, versions })),
    }));
  }
}

function pick<Row>(rows: readonly Row[], places: readonly { place: number }[]): Row[] {
  return places.flatMap(({ place }) => rows[place - 1] ?? []);
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
