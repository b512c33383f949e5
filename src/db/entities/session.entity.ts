import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

@Entity('sessions')
@Index('sessions_id_idx', ['id'])
@Index('sessions_notable_at_idx', ['notableAt'], { where: '(notable_at IS NOT NULL)' })
export class SessionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'sessions_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sessions_pkey' })
  id!: string;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sessions_user_id_fkey' })
  user!: UserEntity;

  @Column({ type: 'integer' })
  generation!: number;

  @Column({ type: 'integer', name: 'previous_generation', nullable: true })
  previousGeneration!: number | null;

  @Column({ type: 'integer', name: 'delivered_generation' })
  deliveredGeneration!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'rotated_at', nullable: true })
  rotatedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'last_used_at' })
  lastUsedAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'text', name: 'revoked_reason', nullable: true })
  revokedReason!: string | null;

  @Column({ type: 'integer', name: 'outdated_generation', nullable: true })
  outdatedGeneration!: number | null;

  @Column({ type: 'integer', name: 'replaced_from', nullable: true })
  replacedFrom!: number | null;

  @Column({ type: 'integer', name: 'replaced_to', nullable: true })
  replacedTo!: number | null;

  /** The last moment at which access tokens in hand stopped being good, for whatever reason. */
  @Column({ type: 'timestamptz', precision: 3, name: 'notable_at', nullable: true })
  notableAt!: Date | null;

  @Column({ type: 'text', name: 'user_agent', nullable: true })
  userAgent!: string | null;

  /** Null for a session from before there were levels: then it is when it was opened. */
  @Column({ type: 'timestamptz', precision: 3, name: 'authenticated_at', nullable: true })
  authenticatedAt!: Date | null;

  @Column({ type: 'text', default: 'aal1' })
  acr!: string;

  @Column({ type: 'text', array: true, default: () => `'{pwd}'` })
  amr!: string[];

  @Column({ type: 'inet', nullable: true })
  ip!: string | null;
}
