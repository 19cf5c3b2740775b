import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
import { CredentialVaultModule } from '@vw/credential-vault';
import { SyncHistoryModule } from '@vw/sync-history';
import { MlflowConnection } from './mlflow-connection';
import { MlflowConnectionEntity } from './mlflow-connection.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([MlflowConnectionEntity]),
    AuditModule,
    CredentialVaultModule,
    SyncHistoryModule,
  ],
  providers: [MlflowConnection],
  exports: [MlflowConnection],
})
export class MlflowConnectionModule {}
