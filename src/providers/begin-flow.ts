import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';
import { hashOf, isSecret, makeSecret, readCodeChallenge } from './binding.ts';
import { unknownProvider } from './errors.ts';
import { type FlowRequest, flowLifetimes, type LinkTarget, type SealedSignIns } from './flow.ts';
import type { KnownProviders } from './known-providers.ts';
import type { ProviderSignInStore } from './provider-sign-in-store.ts';
import type { ReadReturnTo } from './return-to.ts';

/** By what whoever begins is to be known at the end. */
export type GivenBinding =
  | { readonly kind: 'cookie'; readonly known: string }
  | { readonly kind: 'challenge'; readonly challenge: string | null };

export interface BeginFlowCommand {
  readonly provider: string;
  readonly returnTo: string;
  readonly binding: GivenBinding;
  /** Seconds since somebody has shown the provider who they are, at the most; null for any time. */
  readonly maxAge: number | null;
  readonly ip: string | null;
}

export interface BegunFlow {
  /** Where the browser goes. */
  readonly url: string;
  readonly expiresAt: Date;
  /** What goes into the cookie; undefined for an app. */
  readonly cookie: string | undefined;
}

export interface BeginFlowOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly providers: KnownProviders;
  readonly signIns: Pick<ProviderSignInStore, 'put'>;
  readonly sealed: SealedSignIns;
  readonly redirectUriOf: (provider: string) => string;
  readonly readReturnTo: ReadReturnTo;
  /** Counts what is begun. @throws RateLimited */
  readonly throttle: (ip: string | null) => Promise<void>;
}

/**
 * Begins a sign-in at a provider. Nothing of it is in a cookie but what binds the end to the browser that
 * began: the provider's answer finds it by its `state`, so that it may come as a form from another site.
 *
 * Attack: a visitor who is led into the account of an attacker, or whose provider is linked to it (log-in
 * CSRF). Only who began has what the binding is the hash of.
 *
 * @throws BadUserInput, ProviderUnavailable, RateLimited, ServiceUnavailable
 */
export type BeginFlow = (command: BeginFlowCommand, link: LinkTarget | null) => Promise<BegunFlow>;

export function createBeginFlow(options: BeginFlowOptions): BeginFlow {
  const { now, randomBytes, providers, sealed } = options;

  return async ({ provider: name, returnTo: given, binding, maxAge, ip }, link) => {
    const provider = providers.find(name);
    if (!provider) throw unknownProvider();
    const returnTo = options.readReturnTo(given);
    const cookie = binding.kind === 'cookie' ? secretOf(binding.known) : undefined;
    const bindingHash =
      binding.kind === 'cookie' ? hashOf(cookie ?? '') : readCodeChallenge(binding.challenge);
    if (maxAge !== null && (maxAge < 0 || maxAge > longestAge)) throw badMaxAge();
    await options.throttle(ip);
    const state = makeSecret(randomBytes);
    const request: FlowRequest = {
      nonce: makeSecret(randomBytes),
      verifier: makeSecret(randomBytes),
      maxAge,
      link,
    };
    const client = await providers.clientOf(provider);
    const redirectUri = options.redirectUriOf(name);
    const url = await client.authorizationUrl({ ...request, state, redirectUri });
    const at = now();
    const expiresAt = new Date(at.getTime() + flowLifetimes.answer);
    const stateHash = hashOf(state);
    const text = sealed.seal(JSON.stringify(request), stateHash);
    await options.signIns.put(
      {
        stateHash,
        provider: name,
        returnTo,
        bindingHash,
        bindingKind: binding.kind,
        sealed: text,
        expiresAt,
      },
      at,
    );
    return { url, expiresAt, cookie };
  };

  /** A browser has one, whatever it begins: several of its tabs may. */
  function secretOf(known: string): string {
    return isSecret(known) ? known : makeSecret(randomBytes);
  }
}

/** Seconds of a year: who asks for more asks for nothing. */
const longestAge = 365 * 86_400;

function badMaxAge(): BadUserInput {
  const message = `This must be a number of seconds, ${longestAge} at the most.`;
  return new BadUserInput([{ path: 'maxAge', rule: 'MAX_AGE', message }]);
}
