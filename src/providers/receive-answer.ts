import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import { hashOf, isSecret, makeSecret } from './binding.ts';
import { ProviderRefused, ProviderUnavailable, StateInvalid } from './errors.ts';
import { type FlowOutcome, type FlowRequest, flowLifetimes, type SealedSignIns } from './flow.ts';
import type { KnownProviders } from './known-providers.ts';
import type { Provider } from './provider.ts';
import type { ProviderSignInStore } from './provider-sign-in-store.ts';

export interface ReceiveAnswerOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly providers: KnownProviders;
  readonly signIns: Pick<ProviderSignInStore, 'take' | 'answer'>;
  readonly sealed: SealedSignIns;
  readonly redirectUriOf: (provider: string) => string;
  /** Told of each answer, and why it does not hold. */
  readonly onAnswered: (
    provider: Provider,
    refusal: ProviderRefused | ProviderUnavailable | undefined,
  ) => void;
}

/**
 * Takes what a provider has sent a browser back with, and redeems it.
 *
 * Attacks: an answer that nobody asked for, or a second time (its `state` is taken once, by the address of
 * the provider that it was made for, before anything is asked); the answer of one provider given to another
 * (mix-up, RFC 9700 section 4.4: each has an address of its own, and an `iss` that is not the
 * provider's ends it); the browser of a victim that is sent here with an attacker's answer: what it gets
 * is a code that only the attacker could complete.
 *
 * @returns where the browser goes on, with a code in the fragment that works once, for a minute. No token
 * is ever in an address.
 * @throws StateInvalid, ServiceUnavailable
 */
export type ReceiveAnswer = (provider: string, answer: URLSearchParams) => Promise<string>;

export function createReceiveAnswer(options: ReceiveAnswerOptions): ReceiveAnswer {
  const { now, randomBytes, providers, signIns, sealed } = options;

  return async (name, answer) => {
    const provider = providers.find(name);
    const [state = '', ...others] = answer.getAll('state');
    if (!provider || !isSecret(state) || others.length > 0) throw new StateInvalid('no state');
    const stateHash = hashOf(state);
    const signIn = await signIns.take(stateHash, name, now());
    if (!signIn) throw new StateInvalid('unknown, used or old');
    const opened = sealed.open(signIn.sealed, stateHash);
    if (opened === undefined) throw new StateInvalid('the request does not open');
    const request: FlowRequest = JSON.parse(opened);
    const outcome = await redeem(provider, answer, { ...request, state });
    const code = makeSecret(randomBytes);
    await signIns.answer(stateHash, {
      codeHash: hashOf(code),
      sealed: sealed.seal(JSON.stringify(outcome), stateHash),
      expiresAt: new Date(now().getTime() + flowLifetimes.code),
    });
    return `${signIn.returnTo}#code=${code}`;
  };

  async function redeem(
    provider: Provider,
    answer: URLSearchParams,
    { link, ...request }: FlowRequest & { readonly state: string },
  ): Promise<FlowOutcome> {
    try {
      const client = await providers.clientOf(provider);
      const redirectUri = options.redirectUriOf(provider.name);
      const identity = await client.redeem(answer, { ...request, redirectUri });
      options.onAnswered(provider, undefined);
      return { kind: 'proved', identity, link };
    } catch (error) {
      const isAway = error instanceof ProviderUnavailable;
      if (!isAway && !(error instanceof ProviderRefused)) throw error;
      options.onAnswered(provider, error);
      return {
        kind: 'refused',
        reason: isAway ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_REFUSED',
        link,
      };
    }
  }
}
