import type { ApiKeyScope } from '@vw/shared-contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

@Entity('api_key')
@Check(
  'api_key_scopes_check',
  `cardinality(scopes) > 0 AND scopes <@ ARRAY['read'::text, 'sync'::text, 'gate'::text]`,
)
@Index('api_key_token_hash', ['tokenHash'], { unique: true })
@ForeignKey('user_account', ['orgId', 'createdBy'], ['orgId', 'id'], {
  name: 'api_key_creator',
  onDelete: 'CASCADE',
})
export class ApiKeyEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  @ForeignKey('organization', { name: 'api_key_org_id_fkey', onDelete: 'CASCADE' })
  orgId!: string;

  @PrimaryColumn({ type: 'uuid', default: () => 'uuidv7()' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ type: 'text', array: true })
  scopes!: ApiKeyScope[];

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
