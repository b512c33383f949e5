import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('deleted_accounts')
@Index('deleted_accounts_deleted_at_idx', ['deletedAt'])
export class DeletedAccountEntity {
  @PrimaryColumn({
    type: 'uuid',
    name: 'user_id',
    primaryKeyConstraintName: 'deleted_accounts_pkey',
  })
  userId!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'deleted_at' })
  deletedAt!: Date;

  /** Whose access tokens may still be in somebody's hands. */
  @Column({ type: 'uuid', array: true, name: 'session_ids' })
  sessionIds!: string[];
}
