import type { Role } from './access-policy.ts';

export interface RoleStore {
  /** Every role, by name. */
  list(): Promise<readonly Role[]>;
  /** Keeps other processes from changing roles until the transaction ends. */
  lock(): Promise<void>;
  /** Makes these roles the only ones. @throws RoleInUse when an account still has one that goes */
  replaceAll(roles: readonly Role[]): Promise<void>;
  /** @returns whether the account did not have the role before. @throws UnknownRole */
  grant(userId: string, role: string): Promise<boolean>;
  /** @returns whether the account had the role */
  take(userId: string, role: string): Promise<boolean>;
}
