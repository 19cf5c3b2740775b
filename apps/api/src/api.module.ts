import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '@vw/audit';
import { GovernanceModule } from '@vw/governance';
import { IdentityModule } from '@vw/identity';
import { MlflowConnectionModule } from '@vw/mlflow-connection';
import { ModelInventoryModule } from '@vw/model-inventory';
import { PlatformModule, type Env } from '@vw/platform';
import { SyncEngineModule } from '@vw/sync-engine';
import { SyncHistoryModule } from '@vw/sync-history';
import { AccessGuard } from './access';
import { ApiKeysController } from './api-keys.controller';
import { AuditController } from './audit.controller';
import { AuthController } from './auth.controller';
import { ConnectionController } from './connection.controller';
import { EntriesController } from './entries.controller';
import { GovernanceController } from './governance.controller';
import { HealthController } from './health.controller';
import { HooksController } from './hooks.controller';
import { LiveController } from './live.controller';
import { ModelInventoryController } from './model-inventory.controller';
import { OriginGuard } from './origin.guard';
import { SetupController } from './setup.controller';
import { SyncController } from './sync.controller';
import { UsersController } from './users.controller';
import { WebhookController } from './webhook.controller';

/** HTTP and server-sent events over the rooms. */
@Module({})
export class ApiModule {
  static forRoot(env: Env): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(env, 'vw-api'),
        AuditModule,
        GovernanceModule,
        IdentityModule,
        MlflowConnectionModule,
        ModelInventoryModule,
        SyncEngineModule,
        SyncHistoryModule,
      ],
      controllers: [
        SetupController,
        AuthController,
        ConnectionController,
        SyncController,
        LiveController,
        ModelInventoryController,
        AuditController,
        UsersController,
        ApiKeysController,
        EntriesController,
        GovernanceController,
        WebhookController,
        HooksController,
        HealthController,
      ],
      providers: [
        { provide: APP_GUARD, useClass: OriginGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
