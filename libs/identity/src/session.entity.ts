import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

@Entity('session')
@Index('session_token_hash', ['tokenHash'], { unique: true })
@Index('session_user_id', ['orgId', 'userId'])
@ForeignKey('user_account', ['orgId', 'userId'], ['orgId', 'id'], {
  name: 'session_account',
  onDelete: 'CASCADE',
})
export class SessionEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  @ForeignKey('organization', { name: 'session_org_id_fkey', onDelete: 'CASCADE' })
  orgId!: string;

  @PrimaryColumn({ type: 'uuid', default: () => 'uuidv7()' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz', default: () => 'now()' })
  lastSeenAt!: Date;
}
