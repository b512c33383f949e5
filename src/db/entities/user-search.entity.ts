import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

@Entity('user_search')
// Over an expression, which TypeORM can't express.
@Index('user_search_trigrams_idx', { synchronize: false })
export class UserSearchEntity {
  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'user_search_pkey' })
  userId!: string;

  @OneToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'user_search_user_id_fkey' })
  user!: UserEntity;

  /** The address and the names, in lower case. */
  @Column({ type: 'text' })
  text!: string;
}
