import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('audit_event')
@Index('audit_event_at', ['orgId', 'at'])
@Index('audit_event_actor', ['orgId', 'actorId', 'seq'])
@Index('audit_event_action', ['orgId', 'action', 'seq'])
export class AuditEventEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  orgId!: string;

  @PrimaryColumn({ type: 'bigint' })
  seq!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId!: string | null;

  @Column({ type: 'text' })
  action!: string;

  @Column({ name: 'subject_id', type: 'text', nullable: true })
  subjectId!: string | null;

  @Column({ type: 'text' })
  body!: string;

  @Column({ type: 'bytea' })
  hash!: Buffer;
}
