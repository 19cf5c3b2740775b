import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('vault_key')
export class VaultKeyEntity {
  @PrimaryColumn({ type: 'text' })
  kid!: string;

  @Column({ name: 'check_value', type: 'bytea' })
  checkValue!: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
