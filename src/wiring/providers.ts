import type { Dispatcher } from 'undici';
import { createAskSecondFactor } from '../factors/pending-sign-in.ts';
import type { ProviderUseCases } from '../graphql/providers/provider.resolver.ts';
import { createSealedSignIns } from '../keys/sealed-sign-ins.ts';
import { createBeginFlow } from '../providers/begin-flow.ts';
import { createCompleteProviderSignIn } from '../providers/complete-provider-sign-in.ts';
import { createLinkIdentity } from '../providers/link-identity.ts';
import { createOpenIdentity } from '../providers/open-identity.ts';
import { openProviders } from '../providers/open-providers.ts';
import { createReceiveAnswer, type ReceiveAnswer } from '../providers/receive-answer.ts';
import { createReadReturnTo } from '../providers/return-to.ts';
import { createSignInWithIdToken } from '../providers/sign-in-with-id-token.ts';
import { createTakeAnswer } from '../providers/take-answer.ts';
import { createUnlinkIdentity } from '../providers/unlink-identity.ts';
import { createProviderThrottle } from '../throttling/provider-throttle.ts';
import { createRegistrationThrottle } from '../throttling/registration-throttle.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Upgrades } from './guests.ts';
import type { Opening } from './sessions.ts';
import type { Storage } from './storage.ts';

/** Signing in with accounts of other providers. */
export function wireProviders(
  { config, now, newId, randomBytes, log, metrics, onStop }: Base,
  { stores, transact, makeLimiter }: Storage,
  { oneTimeTokens }: Credentials,
  openSession: Opening['openSession'],
  { upgradeGuest }: Upgrades,
  dispatcher?: Dispatcher,
): ProviderUseCases & { readonly receiveAnswer: ReceiveAnswer } {
  const providers = openProviders(config.providers, now, { dispatcher, onStop });
  const sealed = createSealedSignIns(config.keys.encryptionSecrets);
  const { publicUrl, corsOrigins } = config.http;
  const redirectUriOf = (name: string) => `${publicUrl}/sign-in/${name}/callback`;
  const flow = { now, randomBytes, providers, signIns: stores.providerSignIns, sealed };
  const takeAnswer = createTakeAnswer(flow);
  const beginFlow = createBeginFlow({
    ...flow,
    redirectUriOf,
    readReturnTo: createReadReturnTo([new URL(publicUrl).origin, ...corsOrigins]),
    throttle: createProviderThrottle(makeLimiter),
  });
  const openIdentity = createOpenIdentity({
    now,
    newId,
    randomBytes,
    transact,
    identities: stores.identities,
    throttle: createRegistrationThrottle(makeLimiter),
    askSecondFactor: createAskSecondFactor(oneTimeTokens, 'fed'),
    isSignUpOpen: config.signUp === 'open',
    isProofFirst: config.requireVerifiedEmail === 'login',
    openSession,
    upgradeGuest,
  });
  const linkIdentity = createLinkIdentity({ now, newId, transact, beginFlow, takeAnswer });
  const unlinkIdentity = createUnlinkIdentity({ now, providers, transact });
  return {
    beginFlow,
    completeProviderSignIn: createCompleteProviderSignIn(takeAnswer, openIdentity),
    signInWithIdToken: createSignInWithIdToken(providers, openIdentity),
    linkIdentity: {
      ...linkIdentity,
      async complete(command) {
        const identity = await linkIdentity.complete(command);
        metrics?.identityChanged('linked');
        return identity;
      },
    },
    async unlinkIdentity(command) {
      await unlinkIdentity(command);
      metrics?.identityChanged('unlinked');
    },
    listIdentities: stores.identities.list,
    receiveAnswer: createReceiveAnswer({
      ...flow,
      redirectUriOf,
      onAnswered({ name }, refusal) {
        const isAway = refusal?.reason === 'PROVIDER_UNAVAILABLE';
        const outcome = isAway ? 'unavailable' : refusal ? 'refused' : 'proved';
        metrics?.providerAnswered(name, outcome);
        if (!refusal) return;
        const detail = `${name}: ${refusal.detail}`;
        log.warn({ detail }, isAway ? 'provider.unavailable' : 'provider.refused');
      },
    }),
  };
}
