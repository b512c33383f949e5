import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('provider_sign_ins')
@Index('provider_sign_ins_code_hash_idx', ['codeHash'], {
  unique: true,
  where: '(code_hash IS NOT NULL)',
})
@Index('provider_sign_ins_expires_at_idx', ['expiresAt'])
export class ProviderSignInEntity {
  @PrimaryColumn({
    type: 'bytea',
    name: 'state_hash',
    primaryKeyConstraintName: 'provider_sign_ins_pkey',
  })
  stateHash!: Buffer;

  @Column({ type: 'bytea', name: 'code_hash', nullable: true })
  codeHash!: Buffer | null;

  @Column({ type: 'text' })
  provider!: string;

  @Column({ type: 'text', name: 'return_to' })
  returnTo!: string;

  @Column({ type: 'bytea', name: 'binding_hash' })
  bindingHash!: Buffer;

  /** Null in rows of a build that did not keep it. */
  @Column({ type: 'text', name: 'binding_kind', nullable: true })
  bindingKind!: string | null;

  /** What it was begun with, or what came of it: for nobody who reads the database. */
  @Column({ type: 'text' })
  sealed!: string;

  @Column({ type: 'boolean', name: 'is_taken' })
  isTaken!: boolean;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: Date;
}
