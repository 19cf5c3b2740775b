import { Controller, Get, Param, Query } from '@nestjs/common';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import {
  ChangePage,
  InventorySummary,
  ModelVersionDetail,
  ModelVersionPage,
  PageQuery,
  VersionQuery,
} from '@vw/shared-contracts';
import { KeyScope, Org, Requires } from './access';
import { IdPipe } from './validation';

@Controller('model-inventory/mlflow')
export class ModelInventoryController {
  constructor(
    private readonly inventory: ModelInventory,
    private readonly connection: MlflowConnection,
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

  /** The drawer: one version with all that is known of it. */
  @Get('versions/:id')
  @Requires('member')
  @KeyScope('read')
  version(@Org() orgId: string, @Param('id', IdPipe) id: string): Promise<ModelVersionDetail> {
    return this.inventory.version(orgId, id);
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
}
