import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** That nobody else has an address or a username is the key of identifiers. */
@Entity('users')
@Index('users_is_guest_created_at_id_idx', ['isGuest', 'createdAt', 'id'])
@Index('users_is_guest_last_seen_at_id_idx', ['isGuest', 'lastSeenAt', 'id'])
// With an operator class that TypeORM can't express.
@Index('users_email_prefix_idx', { synchronize: false })
@Index('users_username_prefix_idx', { synchronize: false })
export class UserEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id!: string;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ type: 'text', name: 'email_canonical', nullable: true })
  emailCanonical!: string | null;

  @Column({ type: 'text', nullable: true })
  username!: string | null;

  @Column({ type: 'text', name: 'username_canonical', nullable: true })
  usernameCanonical!: string | null;

  @Column({ type: 'text', name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  @Column({ type: 'text', name: 'first_name', nullable: true })
  firstName!: string | null;

  @Column({ type: 'text', name: 'last_name', nullable: true })
  lastName!: string | null;

  @Column({ type: 'text', name: 'avatar_url', nullable: true })
  avatarUrl!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'email_verified_at', nullable: true })
  emailVerifiedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  /** Somebody who has no account yet. */
  @Column({ type: 'boolean', name: 'is_guest', default: false })
  isGuest!: boolean;

  /** The guests who have asked for it, the last ten, where its address had to be proved first. */
  @Column({ type: 'uuid', array: true, name: 'asked_by', nullable: true })
  askedBy!: string[] | null;

  /** To the hour: finer than that it would cost a write a refresh. */
  @Column({ type: 'timestamptz', precision: 3, name: 'last_seen_at' })
  lastSeenAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' })
  updatedAt!: Date;
}
