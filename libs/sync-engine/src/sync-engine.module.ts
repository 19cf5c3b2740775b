import { Module } from '@nestjs/common';
import { AuditModule } from '@vw/audit';
import { MlflowConnectionModule } from '@vw/mlflow-connection';
import { ModelInventoryModule } from '@vw/model-inventory';
import { SyncHistoryModule } from '@vw/sync-history';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';

@Module({
  imports: [AuditModule, MlflowConnectionModule, ModelInventoryModule, SyncHistoryModule],
  providers: [RegistryWatch, SyncEngine],
  exports: [RegistryWatch, SyncEngine],
})
export class SyncEngineModule {}
