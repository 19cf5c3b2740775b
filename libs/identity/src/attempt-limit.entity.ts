import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('attempt_limit')
export class AttemptLimitEntity {
  @PrimaryColumn({ type: 'text' })
  key!: string;

  @Column({ type: 'integer' })
  attempts!: number;

  @Column({ name: 'window_started_at', type: 'timestamptz', default: () => 'now()' })
  windowStartedAt!: Date;
}
