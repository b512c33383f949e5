import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

@Entity('passkey_handles')
export class PasskeyHandleEntity {
  @PrimaryColumn({
    type: 'uuid',
    name: 'user_id',
    primaryKeyConstraintName: 'passkey_handles_pkey',
  })
  userId!: string;

  @Column({ type: 'text' })
  handle!: string;

  @OneToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'passkey_handles_user_id_fkey' })
  user!: UserEntity;
}
