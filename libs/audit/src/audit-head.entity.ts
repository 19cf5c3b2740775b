import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('audit_head')
export class AuditHeadEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  orgId!: string;

  @Column({ type: 'bigint' })
  seq!: string;

  @Column({ type: 'bytea' })
  hash!: Buffer;
}
