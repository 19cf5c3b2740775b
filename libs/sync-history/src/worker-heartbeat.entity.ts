import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('worker_heartbeat')
export class WorkerHeartbeatEntity {
  @PrimaryColumn('text', { name: 'worker_id' }) workerId!: string;
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt!: Date;
}
