import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { MlflowConnection } from '@vw/mlflow-connection';
import { HeldVersions, ModelInventory } from '@vw/model-inventory';
import {
  AsOfQuery,
  ChangePage,
  InventorySummary,
  KnownModelVersion,
  MetricCourse,
  ModelVersionPage,
  PageQuery,
  VersionQuery,
} from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { KeyScope, Org, Requires } from './access';
import { IdPipe } from './validation';
import { versionsCsv } from './versions-csv';

@Controller('model-inventory/mlflow')
export class ModelInventoryController {
  constructor(
    private readonly inventory: ModelInventory,
    private readonly held: HeldVersions,
    private readonly connection: MlflowConnection,
    private readonly history: SyncHistory,
  ) {}

  /** The four cards, and how true they are. */
  @Get('summary')
  @Requires('member')
  @KeyScope('read')
  summary(@Org() orgId: string): Promise<InventorySummary> {
    return Promise.all([this.inventory.summary(orgId), this.connection.freshness(orgId)]).then(
      ([counts, freshness]) => ({
        ...counts,
        ...freshness,
      }),
    );
  }

  /** The table: versions by filter and sort, a page at a time. */
  @Get('versions')
  @Requires('member')
  @KeyScope('read')
  versions(@Org() orgId: string, @Query() query: VersionQuery): Promise<ModelVersionPage> {
    return this.inventory.versions(orgId, query);
  }

  /**
   * Every version of the filters as a table: `limit` and `cursor` cut nothing off. By model name unless asked otherwise. UTF-8 without a
   * byte order mark; aliases are parted by semicolons, and what a spreadsheet would run as a formula starts with an apostrophe.
   */
  @Get('versions.csv')
  @Requires('member')
  @KeyScope('read')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  csv(@Org() orgId: string, @Query() query: VersionQuery): StreamableFile {
    return new StreamableFile(Readable.from(versionsCsv(this.inventory.allVersions(orgId, query))), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="model-versions.csv"',
    });
  }

  /** The drawer: one version with all that is known of it, or was known of it at an instant, and from which sync. */
  @Get('versions/:id')
  @Requires('member')
  @KeyScope('read')
  version(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Query() { asOf }: AsOfQuery,
  ): Promise<KnownModelVersion> {
    const at = asOf === undefined ? null : Date.parse(asOf);
    return Promise.all([
      at === null ? this.inventory.version(orgId, id) : this.inventory.versionAsOf(orgId, id, at),
      this.history.lastComplete(orgId, at),
    ]).then(async ([version, run]) => ({
      ...version,
      knownFrom: run?.finishedAt
        ? {
            ...{ runId: run.id, trigger: run.trigger, finishedAt: run.finishedAt },
            removalHeld: await this.held.holds(orgId, run.id, id),
          }
        : null,
    }));
  }

  /** What changed in one version, newest first. */
  @Get('versions/:id/changes')
  @Requires('member')
  @KeyScope('read')
  changes(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Query() page: PageQuery,
  ): Promise<ChangePage> {
    return this.inventory.changesOfVersion(orgId, id, page);
  }

  /** Each metric of a version over all versions of its model, by number. Removed versions are left out, but for the one asked for. */
  @Get('versions/:id/metric-course')
  @Requires('member')
  @KeyScope('read')
  metricCourse(@Org() orgId: string, @Param('id', IdPipe) id: string): Promise<MetricCourse> {
    return this.inventory.metricCourse(orgId, id);
  }
}
