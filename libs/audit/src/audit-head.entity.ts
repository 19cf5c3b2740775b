import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

@Entity('audit_head')
export class AuditHeadEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  @ForeignKey('organization', { name: 'audit_head_org_id_fkey', onDelete: 'CASCADE' })
  orgId!: string;

  @Column({ type: 'bigint' })
  seq!: string;

  @Column({ type: 'bytea' })
  hash!: Buffer;
}
