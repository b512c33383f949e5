import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

/** How an account is found without its id. */
@Entity('identifiers')
@Index('identifiers_user_id_idx', ['userId'])
@Index('identifiers_reserved_until_idx', ['reservedUntil'], {
  where: '(reserved_until IS NOT NULL)',
})
export class IdentifierEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'identifiers_pkey' })
  kind!: string;

  /** In its canonical form. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'identifiers_pkey' })
  value!: string;

  @Column({ type: 'uuid', name: 'user_id' })
  userId!: string;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'identifiers_user_id_fkey' })
  user!: UserEntity;

  /** Null while it is in use; until then its account may come back to it, and nobody is found by it. */
  @Column({ type: 'timestamptz', precision: 3, name: 'reserved_until', nullable: true })
  reservedUntil!: Date | null;
}
