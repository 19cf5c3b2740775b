import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '@vw/audit';
import { ModelInventory } from '@vw/model-inventory';
import {
  ChangePage,
  ModelVersionPage,
  PageQuery,
  SyncRun,
  SyncRunPage,
  SyncRunQuery,
} from '@vw/shared-contracts';
import { SyncEngine } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import { By, KeyScope, Org, Requires } from './access';
import { IdPipe } from './validation';

@Controller('integrations/mlflow')
export class SyncController {
  constructor(
    private readonly engine: SyncEngine,
    private readonly history: SyncHistory,
    private readonly inventory: ModelInventory,
  ) {}

  /** Ask for a sync now. Returns the active run when one is active. */
  @Post('sync')
  @HttpCode(202)
  @Requires('admin')
  @KeyScope('sync')
  requestSync(@Org() orgId: string, @By() actor: Actor): Promise<SyncRun> {
    return this.engine.request(orgId, 'manual', actor);
  }

  /** Every attempt to sync, newest first, or those of some triggers. */
  @Get('sync-runs')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  listRuns(@Org() orgId: string, @Query() query: SyncRunQuery): Promise<SyncRunPage> {
    return this.history.list(orgId, query);
  }

  /** One attempt to sync. */
  @Get('sync-runs/:id')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  run(@Org() orgId: string, @Param('id', IdPipe) id: string): Promise<SyncRun> {
    return this.history.get(orgId, id);
  }

  /** What a sync run changed, field by field. */
  @Get('sync-runs/:id/changes')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  changes(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Query() page: PageQuery,
  ): Promise<ChangePage> {
    return this.history.get(orgId, id).then(() => this.inventory.changesOfRun(orgId, id, page));
  }

  /** Stop a sync that is queued or running; what it has read is kept. */
  @Post('sync-runs/:id/cancel')
  @HttpCode(200)
  @Requires('admin')
  cancel(@Org() orgId: string, @Param('id', IdPipe) id: string, @By() actor: Actor): Promise<SyncRun> {
    return this.engine.cancel(orgId, id, actor);
  }

  /** The versions that a sync did not see and held back, for nothing proves them gone. */
  @Get('sync-runs/:id/held')
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  held(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @Query() page: PageQuery,
  ): Promise<ModelVersionPage> {
    return this.engine.heldBy(orgId, id, page);
  }

  /** Confirm that what the newest whole read held back is gone. */
  @Post('sync-runs/:id/confirm-removals')
  @HttpCode(200)
  @Requires('admin')
  confirmRemovals(
    @Org() orgId: string,
    @Param('id', IdPipe) id: string,
    @By() actor: Actor,
  ): Promise<SyncRun> {
    return this.engine.confirmRemovals(orgId, id, actor);
  }
}
