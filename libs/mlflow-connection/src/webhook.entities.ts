import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('mlflow_webhook')
@Index('mlflow_webhook_hook_id', ['hookId'], { unique: true })
export class MlflowWebhookEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @Column('uuid', { name: 'hook_id' }) hookId!: string;
  @Column('text') origin!: string;
  @Column('text') state!: string;
  @Column('timestamptz', { name: 'last_delivery_at', nullable: true }) lastDeliveryAt!: Date | null;
}

@Entity('webhook_delivery')
@Index('webhook_delivery_received_at', ['orgId', 'receivedAt'])
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('text') id!: string;
  @Column('timestamptz', { name: 'received_at', default: () => 'now()' }) receivedAt!: Date;
}

@Entity('unread_delivery')
export class UnreadDeliveryEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('text', { name: 'model_name' }) modelName!: string;
  @Column('timestamptz', { name: 'delivered_at', default: () => 'now()' }) deliveredAt!: Date;
}
