import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('pending_registrations')
@Index('pending_registrations_email_canonical_id_idx', ['emailCanonical', 'id'])
@Index('pending_registrations_created_at_idx', ['createdAt'])
export class PendingRegistrationEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pending_registrations_pkey' })
  id!: string;

  @Column({ type: 'text', name: 'email_canonical' })
  emailCanonical!: string;

  @Column({ type: 'text', name: 'password_hash' })
  passwordHash!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;
}
