import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.ts';

@Entity('mail_outbox')
@Index('mail_outbox_due_at_idx', ['dueAt'])
@Index('mail_outbox_user_id_idx', ['userId'])
export class MailOutboxEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'mail_outbox_pkey' })
  id!: string;

  @Column({ type: 'text' })
  template!: string;

  @Column({ type: 'text' })
  locale!: string;

  @Column({ type: 'text' })
  recipient!: string;

  @Column({ type: 'uuid', name: 'user_id', nullable: true })
  userId!: string | null;

  @Column({ type: 'jsonb', name: 'prepared_token', nullable: true })
  preparedToken!: object | null;

  @Column({ type: 'text', name: 'user_agent', nullable: true })
  userAgent!: string | null;

  @Column({ type: 'integer' })
  attempts!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'due_at' })
  dueAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'mail_outbox_user_id_fkey' })
  user!: UserEntity | null;
}
