import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

@Entity('totp_factors')
export class TotpFactorEntity {
  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'totp_factors_pkey' })
  userId!: string;

  @Column({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text', name: 'sealed_secret' })
  sealedSecret!: string;

  @Column({ type: 'integer', name: 'last_step' })
  lastStep!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @OneToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'totp_factors_user_id_fkey' })
  user!: UserEntity;
}
