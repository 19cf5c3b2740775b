import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
import { CredentialVaultModule } from '@vw/credential-vault';
import { SyncHistoryModule } from '@vw/sync-history';
import { LightReads } from './light-reads';
import { MlflowConnection } from './mlflow-connection';
import { MlflowConnectionEntity } from './mlflow-connection.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([MlflowConnectionEntity]),
    AuditModule,
    CredentialVaultModule,
    SyncHistoryModule,
  ],
  providers: [LightReads, MlflowConnection],
  exports: [LightReads, MlflowConnection],
})
export class MlflowConnectionModule {}
