import type { Clock } from '../core/clock.ts';
import { hashOf, isHashOf, isSecret, isVerifier, type ShownBinding } from './binding.ts';
import { ProviderRefused, ProviderUnavailable, StateInvalid } from './errors.ts';
import type { FlowOutcome, LinkTarget, SealedSignIns } from './flow.ts';
import type { KnownProviders } from './known-providers.ts';
import type { ProvedIdentity, Provider } from './provider.ts';
import type { ProviderSignInStore } from './provider-sign-in-store.ts';

export interface TakeAnswerOptions {
  readonly now: Clock;
  readonly providers: Pick<KnownProviders, 'find'>;
  readonly signIns: Pick<ProviderSignInStore, 'takeAnswer'>;
  readonly sealed: SealedSignIns;
}

export interface GivenAnswer {
  /** Out of the fragment. */
  readonly code: string;
  readonly binding: ShownBinding;
}

/**
 * Takes what came of a sign-in at a provider, for who began it: a code that is shown without what binds it
 * is gone as well, for somebody has seen it who should not.
 *
 * Attack: an answer that was asked for to sign in, used to link (then the thief's identity opens the
 * victim's account), or the other way round; or to link to one account, used for another.
 *
 * Attack: a sign-in that is begun with a challenge, whose verifier is put into a victim's browser as its
 * cookie; it would be signed in to the attacker's account. What was begun with one kind of binding ends
 * with that kind.
 *
 * @throws StateInvalid, ProviderRefused, ProviderUnavailable, ServiceUnavailable
 */
export type TakeAnswer = (
  given: GivenAnswer,
  link: LinkTarget | null,
) => Promise<{ readonly provider: Provider; readonly identity: ProvedIdentity }>;

export function createTakeAnswer(options: TakeAnswerOptions): TakeAnswer {
  return async ({ code, binding }, link) => {
    if (!isSecret(code)) throw new StateInvalid('no code');
    const signIn = await options.signIns.takeAnswer(hashOf(code), options.now());
    if (!signIn) throw new StateInvalid('unknown, used or old');
    const { kind, secret } = binding;
    if (!isVerifier(secret) || !isHashOf(signIn.bindingHash, secret)) {
      throw new StateInvalid('begun elsewhere');
    }
    if (signIn.bindingKind !== null && signIn.bindingKind !== kind) {
      throw new StateInvalid('begun with another kind of binding');
    }
    const opened = options.sealed.open(signIn.sealed, signIn.stateHash);
    const provider = options.providers.find(signIn.provider);
    if (opened === undefined || !provider) throw new StateInvalid('nobody knows it any more');
    const outcome: FlowOutcome = JSON.parse(opened);
    if (!isSameTarget(outcome.link, link)) throw new StateInvalid('begun for something else');
    if (outcome.kind === 'proved') return { provider, identity: outcome.identity };
    const { reason } = outcome;
    throw reason === 'PROVIDER_REFUSED'
      ? new ProviderRefused('as it answered')
      : new ProviderUnavailable('when it was asked');
  };
}

function isSameTarget(one: LinkTarget | null, other: LinkTarget | null): boolean {
  return one?.userId === other?.userId && one?.sessionId === other?.sessionId;
}
