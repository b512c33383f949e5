import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

@Entity('email_changes')
@Index('email_changes_changed_at_idx', ['changedAt'])
export class EmailChangeEntity {
  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'email_changes_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'email_changes_pkey' })
  id!: string;

  @Column({ type: 'text', name: 'left_email' })
  leftEmail!: string;

  @Column({ type: 'text', name: 'left_email_canonical' })
  leftEmailCanonical!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'changed_at' })
  changedAt!: Date;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'email_changes_user_id_fkey' })
  user!: UserEntity;
}
