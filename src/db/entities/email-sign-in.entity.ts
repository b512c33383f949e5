import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('email_sign_ins')
@Index('email_sign_ins_email_canonical_idx', ['emailCanonical'])
@Index('email_sign_ins_expires_at_idx', ['expiresAt'])
export class EmailSignInEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'email_sign_ins_pkey' })
  id!: string;

  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text', name: 'email_canonical' })
  emailCanonical!: string;

  @Column({ type: 'bytea', name: 'binding_hash' })
  bindingHash!: Buffer;

  @Column({ type: 'integer' })
  attempts!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: Date;
}
