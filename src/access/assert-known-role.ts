import { UnknownRole } from './errors.ts';
import type { RoleStore } from './role-store.ts';

/** Refuses the name of a role that there is not: a slip would look like 'nobody has it'. @throws UnknownRole */
export async function assertKnownRole(
  roles: Pick<RoleStore, 'list'>,
  role: string | null | undefined,
  path: string,
): Promise<void> {
  if (role === null || role === undefined) return;
  const known = await roles.list();
  if (!known.some(({ name }) => name === role)) throw new UnknownRole(known, path);
}
