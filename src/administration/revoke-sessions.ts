import { administrationScopes } from '../access/access-policy.ts';
import { assertKnownRole } from '../access/assert-known-role.ts';
import type { RoleStore } from '../access/role-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import { isNetwork } from '../core/network.ts';
import type { Transact } from '../core/transact.ts';
import { type Administrator, actOf } from './administrator.ts';
import type { ManagedSessionStore, SessionFilter, SpareSessions } from './managed-session-store.ts';

interface RevokeStores {
  readonly managedSessions: ManagedSessionStore;
  readonly audit: AuditLog;
}

export interface RevokeSessionsOptions {
  readonly now: Clock;
  readonly managedSessions: Pick<ManagedSessionStore, 'count'>;
  readonly roles: Pick<RoleStore, 'list'>;
  readonly transact: Transact<RevokeStores>;
}

export interface RevokeSessionsCommand {
  readonly filter: SessionFilter;
  /** Said where the filter has no criterion: everybody's sessions are meant. */
  readonly everyone: boolean;
  readonly dryRun: boolean;
  /** The session that asks. It stays, so that a slip does not lock its own administrator out. */
  readonly currentSessionId: string | null;
}

/**
 * Ends the live sessions that a filter means, or only counts them. They are ended in batches, each of
 * which is whole with its events: what fails in the middle is finished by asking again.
 *
 * Sessions of accounts with administration scopes that the caller lacks are left alone.
 *
 * @returns how many
 * @throws BadUserInput for a filter without a criterion, unless everyone is meant; UnknownRole
 */
export type RevokeSessions = (
  administrator: Administrator,
  command: RevokeSessionsCommand,
) => Promise<number>;

const batch = 500;

export function createRevokeSessions(options: RevokeSessionsOptions): RevokeSessions {
  const { now, managedSessions, transact } = options;

  return async (administrator, { filter, everyone, dryRun, currentSessionId }) => {
    const hasCriterion = Object.values(filter).some((value) => (value ?? null) !== null);
    const problems = [
      hasCriterion === everyone ? filterProblem : undefined,
      isNetwork(filter.network ?? '0.0.0.0') ? undefined : networkProblem,
    ].filter((problem) => problem !== undefined);
    if (problems.length > 0) throw new BadUserInput(problems);
    await assertKnownRole(options.roles, filter.role, 'filter.role');
    const spare: SpareSessions = {
      sessionId: currentSessionId,
      scopes: administrationScopes.filter((scope) => !administrator.scopes.includes(scope)),
    };
    if (dryRun) return managedSessions.count(filter, spare, now());

    let total = 0;
    for (let ended = batch; ended === batch; total += ended) {
      ended = await transact((stores) => revokeBatch(stores, administrator, filter, spare));
    }
    return total;
  };

  async function revokeBatch(
    { managedSessions: sessions, audit }: RevokeStores,
    administrator: Administrator,
    filter: SessionFilter,
    spare: SpareSessions,
  ): Promise<number> {
    const act = actOf(administrator, now());
    const ended = await sessions.revoke(filter, spare, act.at, batch);
    for (const { id, userId } of ended) {
      await audit.record({ ...act, type: 'session.revoked', userId, sessionId: id });
    }
    return ended.length;
  }
}

const filterProblem = {
  path: 'filter',
  rule: 'FILTER',
  message: 'Name at least one criterion, or say everyone: true without any.',
};

const networkProblem = {
  path: 'filter.network',
  rule: 'NETWORK',
  message: 'A network is an address, or one with a prefix such as 203.0.113.0/24.',
};
