import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('former_source')
export class FormerSourceEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @Column('text', { name: 'tracking_server_url' }) trackingServerUrl!: string;
  @Column('text', { nullable: true }) workspace!: string | null;
  @Column('text', { name: 'known_workspaces', array: true }) knownWorkspaces!: string[];
  @Column('integer') revision!: number;
}

@Entity('mlflow_connection')
@Index('mlflow_connection_next_sync_at', ['nextSyncAt'])
@Index('mlflow_connection_next_poll_at', { synchronize: false })
export class MlflowConnectionEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @Column('integer', { default: 1 }) revision!: number;
  @Column('text', { name: 'tracking_server_url' }) trackingServerUrl!: string;
  @Column('integer', { name: 'request_timeout_seconds' }) requestTimeoutSeconds!: number;
  @Column('text', { name: 'auth_method' }) authMethod!: string;
  @Column('text', { nullable: true }) username!: string | null;
  @Column('boolean', { name: 'verify_tls' }) verifyTls!: boolean;
  @Column('text', { nullable: true }) workspace!: string | null;
  @Column('integer', { name: 'poll_seconds' }) pollSeconds!: number;
  @Column('text', { name: 'ca_certificate', nullable: true }) caCertificate!: string | null;
  @Column('integer', { name: 'workspaces_listed', nullable: true }) workspacesListed!: number | null;
  @Column('text', { name: 'known_workspaces', array: true, default: '{}' }) knownWorkspaces!: string[];
  @Column('text', { name: 'server_version', nullable: true }) serverVersion!: string | null;
  @Column('timestamptz', { name: 'last_test_at', nullable: true }) lastTestAt!: Date | null;
  @Column('text', { name: 'last_test_code', nullable: true }) lastTestCode!: string | null;
  @Column('timestamptz', { name: 'last_successful_test_at', nullable: true })
  lastSuccessfulTestAt!: Date | null;
  @Column('timestamptz', { name: 'next_sync_at' }) nextSyncAt!: Date;
  @Column('timestamptz', { name: 'next_poll_at', default: () => 'now()' }) nextPollAt!: Date;
  @Column('timestamptz', { name: 'models_seen_at', nullable: true }) modelsSeenAt!: Date | null;
  @Column('timestamptz', { name: 'versions_seen_at', nullable: true }) versionsSeenAt!: Date | null;
  @Column('text', { name: 'poll_finding', nullable: true }) pollFinding!: string | null;
  @Column('text', { name: 'light_error_code', nullable: true }) lightErrorCode!: string | null;
  @Column('timestamptz', { name: 'light_error_at', nullable: true }) lightErrorAt!: Date | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' }) updatedAt!: Date;
}
