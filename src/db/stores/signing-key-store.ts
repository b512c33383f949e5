import { type EntityManager, Not } from 'typeorm';
import type { KeyPurpose, KeyState, SigningAlgorithm } from '../../keys/signing-key.ts';
import type { SigningKeyStore } from '../../keys/signing-key-store.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { SigningKeyEntity } from '../entities/signing-key.entity.ts';

/** Told when a key was made or moved on. */
export const keyChannel = 'gatehouse_keys';

export function createSigningKeyStore(manager: EntityManager): SigningKeyStore {
  const keys = manager.getRepository(SigningKeyEntity);
  const announce = () => manager.query('SELECT pg_notify($1, $2)', [keyChannel, '']);

  return {
    async lock() {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.signingKeys]);
    },

    async list() {
      const rows = await keys.find({
        where: { state: Not('retired') },
        order: { createdAt: 'ASC', kid: 'ASC' },
      });
      return rows.map((row) => ({
        kid: row.kid,
        purpose: row.purpose as KeyPurpose,
        algorithm: row.alg as SigningAlgorithm,
        publicJwk: row.publicJwk,
        sealedPrivateKey: row.sealedPrivateKey,
        state: row.state as KeyState,
        createdAt: row.createdAt,
        changedAt: row.changedAt,
      }));
    },

    async insert({ algorithm, ...key }) {
      await keys.insert({ ...key, alg: algorithm });
      await announce();
    },

    async changeState(kid, state, at) {
      const erased = state === 'retired' ? { sealedPrivateKey: '' } : {};
      await keys.update({ kid }, { state, changedAt: at, ...erased });
      await announce();
    },

    async reseal(kid, sealedPrivateKey) {
      await keys.update({ kid }, { sealedPrivateKey });
    },
  };
}
