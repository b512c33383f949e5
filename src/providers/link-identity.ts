import { EmailNotVerified } from '../accounts/errors.ts';
import type { Clock } from '../core/clock.ts';
import { DomainError } from '../core/domain-error.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { assertConfirmed } from '../factors/confirmed.ts';
import type { FactorCommand, FactorStores } from '../factors/factor-change.ts';
import { type Caller, lockCaller } from '../tokens/lock-caller.ts';
import type { BeginFlow, BeginFlowCommand, BegunFlow } from './begin-flow.ts';
import { IdentityTaken } from './errors.ts';
import { type Identity, isSame, toIdentity } from './identity.ts';
import type { IdentityStore } from './identity-store.ts';
import type { GivenAnswer, TakeAnswer } from './take-answer.ts';
import { tellOfIdentity } from './tell-of-identity.ts';

export interface LinkStores
  extends Pick<FactorStores, 'accounts' | 'factors' | 'audit' | 'outbox'> {
  readonly identities: IdentityStore;
}

export interface LinkIdentityOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly transact: Transact<LinkStores>;
  readonly beginFlow: BeginFlow;
  readonly takeAnswer: TakeAnswer;
}

export interface LinkIdentity {
  /** @throws StepUpRequired, EmailNotVerified and what BeginFlow throws */
  readonly begin: (command: FactorCommand & BeginFlowCommand) => Promise<BegunFlow>;
  /** @throws StateInvalid, ProviderRefused, IdentityTaken, EmailNotVerified, ServiceUnavailable */
  readonly complete: (command: FactorCommand & GivenAnswer) => Promise<Identity>;
}

/** Of an account. */
const mostIdentities = 25;

/**
 * Lets an identity at a provider open the account of who is signed in.
 *
 * Attacks: an open laptop, or a stolen session, that adds a way in of its own (what is linked needs a proof
 * of the last minutes, of the most that the account can show but a passkey); a visitor who is made to
 * complete what somebody else has begun (what was begun names account and session); and an account with
 * somebody else's address, which waits for its owner with an identity of the attacker's (the address has
 * to be proved first).
 */
export function createLinkIdentity(options: LinkIdentityOptions): LinkIdentity {
  const { now, transact } = options;

  return {
    async begin(command) {
      const { userId, sessionId, shown } = command;
      await transact(async (stores) => {
        await lockProved(stores, { userId, sessionId });
        assertConfirmed(shown, 'aal2', await stores.factors.read(userId), now());
      });
      return options.beginFlow(command, { userId, sessionId });
    },

    async complete(command) {
      const { userId, sessionId } = command;
      const { provider, identity } = await options.takeAnswer(command, { userId, sessionId });
      return transact(async (stores) => {
        const holder = await lockProved(stores, command);
        const held = await stores.identities.list(userId);
        const known = held.find((each) => isSame(each, identity));
        if (known) return known;
        if (held.length >= mostIdentities) {
          throw new DomainError('CONFLICT', `An account has at most ${mostIdentities} identities.`);
        }
        const at = now();
        const kept = { id: options.newId(), createdAt: at, lastUsedAt: null };
        const linked = toIdentity(provider, identity, kept);
        if (!(await stores.identities.put(userId, linked))) throw new IdentityTaken();
        await tellOfIdentity(stores, holder, command, 'identity.linked', provider.name, at);
        return linked;
      });
    },
  };
}

/** @throws EmailNotVerified where the account has an address that nobody has proved; AccessRefused */
async function lockProved({ accounts }: Pick<LinkStores, 'accounts'>, caller: Caller) {
  const holder = await lockCaller(accounts, caller);
  const { email, emailVerifiedAt } = holder.account;
  if (email !== null && emailVerifiedAt === null) throw new EmailNotVerified();
  return holder;
}
