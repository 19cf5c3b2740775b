import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('credential')
@Index('credential_kid', ['orgId', 'kid'])
export class CredentialEntity {
  @PrimaryColumn({ name: 'org_id', type: 'uuid' })
  orgId!: string;

  @PrimaryColumn({ type: 'text' })
  slot!: string;

  @Column({ type: 'smallint' })
  format!: number;

  @Column({ type: 'text' })
  kid!: string;

  @Column({ type: 'text' })
  origin!: string;

  @Column({ name: 'wrapped_key', type: 'bytea' })
  wrappedKey!: Buffer;

  @Column({ type: 'bytea' })
  sealed!: Buffer;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}
