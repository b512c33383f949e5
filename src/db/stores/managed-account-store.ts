import { type EntityManager, IsNull, Not } from 'typeorm';
import type { ManagedAccountStore } from '../../administration/managed-account-store.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { UserEntity } from '../entities/user.entity.ts';
import type { RunStatement } from '../statement.ts';
import { createIdentifiers } from './identifiers.ts';

export function createManagedAccountStore(
  manager: EntityManager,
  run: RunStatement,
): ManagedAccountStore {
  const users = manager.getRepository(UserEntity);
  const isEmpty = async () => !(await users.existsBy({ isGuest: false }));

  return {
    findId: createIdentifiers(run).ownerOf,

    async setDisabled(userId, at) {
      const other = at === null ? Not(IsNull()) : IsNull();
      const { affected } = await users.update(
        { id: userId, disabledAt: other },
        { disabledAt: at },
      );
      return (affected ?? 0) > 0;
    },

    async claimFirst() {
      // The look before the lock lets many processes start without waiting for each other.
      if (!(await isEmpty())) return false;
      await manager.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.firstAdministrator]);
      return isEmpty();
    },
  };
}
