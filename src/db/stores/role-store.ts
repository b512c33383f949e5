import { type EntityManager, In, Not } from 'typeorm';
import type { Role } from '../../access/access-policy.ts';
import { RoleInUse, UnknownRole } from '../../access/errors.ts';
import type { RoleStore } from '../../access/role-store.ts';
import { databaseErrorCode } from '../database-errors.ts';
import { RoleEntity } from '../entities/role.entity.ts';
import { RolePermissionEntity } from '../entities/role-permission.entity.ts';
import { UserRoleEntity } from '../entities/user-role.entity.ts';

const foreignKeyViolation = '23503';

export function createRoleStore(manager: EntityManager): RoleStore {
  const roles = manager.getRepository(RoleEntity);
  const permissions = manager.getRepository(RolePermissionEntity);
  const holders = manager.getRepository(UserRoleEntity);

  return {
    async list() {
      const [found, held] = [
        await roles.find({ order: { name: 'ASC' } }),
        await permissions.find({ order: { scope: 'ASC' } }),
      ];
      return found.map(({ name, isDefault }) => ({
        name,
        isDefault,
        scopes: held.filter(({ role }) => role === name).map(({ scope }) => scope),
      }));
    },

    async lock() {
      await manager.query('LOCK TABLE roles IN SHARE ROW EXCLUSIVE MODE');
    },

    async replaceAll(wanted) {
      const names = wanted.map(({ name }) => name);
      const gone = await roles.findBy({ name: Not(In(names)) });
      for (const { name } of gone) {
        if (await holders.existsBy({ role: name })) throw new RoleInUse(name);
      }
      await roles.delete({ name: Not(In(names)) });
      await permissions.delete({ role: In(names) });
      await roles.upsert(
        wanted.map(({ name, isDefault }) => ({ name, isDefault })),
        ['name'],
      );
      await permissions.insert(wanted.flatMap(permissionsOf));
    },

    async grant(userId, role) {
      if (!(await roles.existsBy({ name: role }))) throw new UnknownRole(await roles.find());
      try {
        const { raw } = await holders
          .createQueryBuilder()
          .insert()
          .values({ userId, role })
          .orIgnore()
          .returning('role')
          .execute();
        return raw.length > 0;
      } catch (error) {
        // The role was dropped between the look and the grant.
        if (databaseErrorCode(error) === foreignKeyViolation) throw new UnknownRole([]);
        throw error;
      }
    },

    async take(userId, role) {
      const { affected } = await holders.delete({ userId, role });
      return (affected ?? 0) > 0;
    },
  };
}

function permissionsOf({ name, scopes }: Role) {
  return scopes.map((scope) => ({ role: name, scope }));
}
