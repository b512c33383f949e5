import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { SessionEntity } from './session.entity.ts';
import { UserEntity } from './user.entity.ts';

/** Two rows a session, written in turn: the spent token, and its successor. */
@Entity('refresh_tokens')
@Check('refresh_tokens_slot_check', '(slot = ANY (ARRAY[0, 1]))')
export class RefreshTokenEntity {
  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  userId!: string;

  @PrimaryColumn({
    type: 'uuid',
    name: 'session_id',
    primaryKeyConstraintName: 'refresh_tokens_pkey',
  })
  sessionId!: string;

  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  slot!: number;

  /** 0 where the row holds no token yet. */
  @Column({ type: 'integer' })
  generation!: number;

  @ManyToOne(() => SessionEntity, { onDelete: 'CASCADE' })
  @JoinColumn([
    {
      name: 'user_id',
      referencedColumnName: 'userId',
      foreignKeyConstraintName: 'refresh_tokens_session_fkey',
    },
    {
      name: 'session_id',
      referencedColumnName: 'id',
      foreignKeyConstraintName: 'refresh_tokens_session_fkey',
    },
  ])
  session!: SessionEntity;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'refresh_tokens_user_id_fkey' })
  user!: UserEntity;

  @Column({ type: 'bytea', name: 'token_hash' })
  tokenHash!: Buffer;

  @Column({ type: 'timestamptz', precision: 3 })
  iat!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  exp!: Date;

  /** It may no longer be exchanged: spent, replaced, or its session ended. */
  @Column({ type: 'boolean' })
  revoked!: boolean;

  @Column({ type: 'timestamptz', precision: 3, name: 'rotated_at', nullable: true })
  rotatedAt!: Date | null;

  @Column({ type: 'bytea', name: 'successor_salt', nullable: true })
  successorSalt!: Buffer | null;
}
