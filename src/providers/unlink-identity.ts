import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { assertConfirmed } from '../factors/confirmed.ts';
import { LastAuthenticator } from '../factors/errors.ts';
import type { FactorCommand } from '../factors/factor-change.ts';
import { opensAccount } from '../factors/opens-account.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { IdentityNotFound } from './errors.ts';
import type { KnownProviders } from './known-providers.ts';
import type { LinkStores } from './link-identity.ts';
import { tellOfIdentity } from './tell-of-identity.ts';

export interface UnlinkIdentityOptions {
  readonly now: Clock;
  readonly providers: Pick<KnownProviders, 'find'>;
  readonly transact: Transact<LinkStores>;
}

/**
 * Lets an identity open the account no more. What of it was open stays open.
 *
 * @throws IdentityNotFound, LastAuthenticator where nothing else would open the account, StepUpRequired,
 * AccessRefused, ServiceUnavailable
 */
export type UnlinkIdentity = (command: FactorCommand & { readonly id: string }) => Promise<void>;

export function createUnlinkIdentity(options: UnlinkIdentityOptions): UnlinkIdentity {
  const { now } = options;

  return (command) =>
    options.transact(async (stores) => {
      const { userId, shown, id } = command;
      const holder = await lockCaller(stores.accounts, command);
      const held = await stores.identities.list(userId);
      const identity = held.find((each) => each.id === id);
      if (!identity) throw new IdentityNotFound();
      const known = await stores.factors.read(userId);
      const at = now();
      assertConfirmed(shown, 'aal2', known, at);
      const identities = held.filter((each) => each.id !== id);
      const { passwordHash } = holder;
      const left = { ...known, passwordHash, identities };
      const isOpened = opensAccount(left, (name) => options.providers.find(name) !== undefined);
      if (!isOpened) throw new LastAuthenticator();
      await stores.identities.remove(userId, id);
      await tellOfIdentity(stores, holder, command, 'identity.unlinked', identity.provider, at);
    });
}
