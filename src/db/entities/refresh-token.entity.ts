import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { SessionEntity } from './session.entity.ts';
import { UserEntity } from './user.entity.ts';

@Entity('refresh_tokens')
@Unique('refresh_tokens_user_id_token_hash_key', ['userId', 'tokenHash'])
@Index('refresh_tokens_exp_idx', ['exp'], { type: 'brin' })
export class RefreshTokenEntity {
  @PrimaryColumn({
    type: 'uuid',
    name: 'session_id',
    primaryKeyConstraintName: 'refresh_tokens_pkey',
  })
  sessionId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  generation!: number;

  @ManyToOne(() => SessionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'refresh_tokens_session_id_fkey' })
  session!: SessionEntity;

  @Column({ type: 'uuid', name: 'user_id' })
  userId!: string;

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
