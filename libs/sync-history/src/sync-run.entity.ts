import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('sync_run')
@Index('sync_run_active', { synchronize: false })
@Index('sync_run_unfinished', { synchronize: false })
@Index('sync_run_unevaluated', { synchronize: false })
export class SyncRunEntity {
  @PrimaryColumn('uuid', { name: 'org_id' }) orgId!: string;
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('text') trigger!: string;
  @Column('text', { name: 'requested_by', nullable: true }) requestedBy!: string | null;
  @Column('text', { name: 'model_names', array: true, nullable: true }) modelNames!: string[] | null;
  @Column('text') status!: string;
  @Column('integer', { default: 0 }) attempt!: number;
  @Column('timestamptz', { name: 'requested_at', default: () => 'now()' }) requestedAt!: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
  @Column('timestamptz', { name: 'heartbeat_at', nullable: true }) heartbeatAt!: Date | null;
  @Column('text', { default: 'connecting' }) phase!: string;
  @Column('text', { name: 'current_model', nullable: true }) currentModel!: string | null;
  @Column('integer', { default: 0 }) models!: number;
  @Column('integer', { default: 0 }) versions!: number;
  @Column('integer', { nullable: true }) total!: number | null;
  @Column('integer', { default: 0 }) created!: number;
  @Column('integer', { default: 0 }) updated!: number;
  @Column('integer', { default: 0 }) unchanged!: number;
  @Column('integer', { default: 0 }) removed!: number;
  @Column('integer', { default: 0 }) held!: number;
  @Column('integer', { default: 0 }) requests!: number;
  @Column('boolean', { default: false }) complete!: boolean;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('timestamptz', { name: 'evaluated_at', nullable: true }) evaluatedAt!: Date | null;
}
