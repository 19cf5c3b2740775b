import { Body, Controller, Delete, Get, HttpCode, Post, Put, UseGuards } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { Connection, ConnectionInput, ConnectionTest } from '@vw/shared-contracts';
import { SyncEngine } from '@vw/sync-engine';
import { By, KeyScope, Org, Requires } from './access';
import { TestLimitGuard } from './test-limit.guard';
import { OptionalConnectionPipe } from './validation';

@Controller('integrations/mlflow')
export class ConnectionController {
  constructor(
    private readonly connection: MlflowConnection,
    private readonly engine: SyncEngine,
  ) {}

  /** The connection and its status cards. */
  @Get()
  @Requires('reviewer', 'auditor')
  @KeyScope('read')
  get(@Org() orgId: string): Promise<Connection> {
    return this.connection.get(orgId);
  }

  /** Test these settings, save them, and ask for a first sync. A failing test saves nothing. */
  @Put()
  @Requires('admin')
  @UseGuards(TestLimitGuard)
  save(@Org() orgId: string, @Body() input: ConnectionInput, @By() actor: Actor): Promise<Connection> {
    return this.connection
      .save(orgId, input, actor)
      .then(() => this.engine.request(orgId, 'scheduled', null))
      .then(() => this.connection.get(orgId));
  }

  /** Destroy the credential and stop the active sync. What was synced stays, marked stale. */
  @Delete()
  @HttpCode(204)
  @Requires('admin')
  disconnect(@Org() orgId: string, @By() actor: Actor): Promise<void> {
    return this.engine.cancelActive(orgId, actor).then(() => this.connection.disconnect(orgId, actor));
  }

  /** Test unsaved settings, or with no body the saved ones. One attempt, without retries. */
  @Post('test')
  @HttpCode(200)
  @Requires('admin')
  @UseGuards(TestLimitGuard)
  @ApiBody({ type: ConnectionInput, required: false })
  test(
    @Org() orgId: string,
    @Body(OptionalConnectionPipe) input: ConnectionInput | null,
    @By() actor: Actor,
  ): Promise<ConnectionTest> {
    return this.connection.test(orgId, input, actor);
  }
}
