import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@vw/audit';
import { CredentialVaultModule } from '@vw/credential-vault';
import { SyncHistoryModule } from '@vw/sync-history';
import { ClientMaker } from './client-maker';
import { LightReads } from './light-reads';
import { MlflowWebhook } from './mlflow-webhook';
import { MlflowWebhookEntity, UnreadDeliveryEntity, WebhookDeliveryEntity } from './webhook.entities';
import { MlflowConnection } from './mlflow-connection';
import { FormerSourceEntity, MlflowConnectionEntity } from './mlflow-connection.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      FormerSourceEntity,
      MlflowConnectionEntity,
      MlflowWebhookEntity,
      UnreadDeliveryEntity,
      WebhookDeliveryEntity,
    ]),
    AuditModule,
    CredentialVaultModule,
    SyncHistoryModule,
  ],
  providers: [ClientMaker, LightReads, MlflowConnection, MlflowWebhook],
  exports: [LightReads, MlflowConnection, MlflowWebhook],
})
export class MlflowConnectionModule {}
