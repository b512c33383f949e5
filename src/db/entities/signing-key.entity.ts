import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from '../../keys/signing-key.ts';

@Entity('signing_keys')
@Index('signing_keys_one_active_idx', ['purpose'], {
  unique: true,
  where: "(state = 'active'::text)",
})
export class SigningKeyEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column({ type: 'text' })
  purpose!: string;

  @Column({ type: 'text' })
  alg!: string;

  @Column({ type: 'jsonb', name: 'public_jwk' })
  publicJwk!: PublicJwk;

  @Column({ type: 'text', name: 'sealed_private_key' })
  sealedPrivateKey!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'changed_at' })
  changedAt!: Date;
}
