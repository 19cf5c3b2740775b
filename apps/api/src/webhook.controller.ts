import { Body, Controller, Put, UseGuards } from '@nestjs/common';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { Connection, WebhookInput } from '@vw/shared-contracts';
import { By, Org, Requires } from './access';
import { TestLimitGuard } from './test-limit.guard';

@Controller('integrations/mlflow/webhook')
export class WebhookController {
  constructor(private readonly connection: MlflowConnection) {}

  /** Register a webhook at MLflow, which must reach this service, or delete it. Where MLflow refuses, nothing is stored. */
  @Put()
  @Requires('admin')
  @UseGuards(TestLimitGuard)
  set(@Org() orgId: string, @Body() input: WebhookInput, @By() actor: Actor): Promise<Connection> {
    return this.connection.setWebhook(orgId, input.enabled, actor);
  }
}
