import type { Role } from '@vw/shared-contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

@Entity('user_account')
@Check('user_account_role_check', `role IN ('admin', 'reviewer', 'auditor', 'viewer')`)
@Index('user_account_email', { synchronize: false })
export class UserAccountEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  @ForeignKey('organization', { name: 'user_account_org_id_fkey', onDelete: 'CASCADE' })
  orgId!: string;

  @PrimaryColumn({ type: 'uuid', default: () => 'uuidv7()' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ name: 'password_is_one_time', type: 'boolean', default: false })
  passwordIsOneTime!: boolean;

  @Column({ type: 'boolean', default: true })
  active!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
