import { Module } from '@nestjs/common';
import { AuditModule } from '@vw/audit';
import { MlflowConnectionModule } from '@vw/mlflow-connection';
import { ModelInventoryModule } from '@vw/model-inventory';
import { SyncHistoryModule } from '@vw/sync-history';
import { SyncEngine } from './sync-engine';

@Module({
  imports: [AuditModule, MlflowConnectionModule, ModelInventoryModule, SyncHistoryModule],
  providers: [SyncEngine],
  exports: [SyncEngine],
})
export class SyncEngineModule {}
