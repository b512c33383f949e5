import { createHash } from 'node:crypto';
import { BadUserInput } from '../core/domain-error.ts';
import { unknownProvider } from './errors.ts';
import type { KnownProviders } from './known-providers.ts';
import type { OpenIdentity } from './open-identity.ts';
import type { OpeningByIdentity } from './opening.ts';

export interface SignInWithIdTokenCommand extends OpeningByIdentity {
  readonly provider: string;
  readonly idToken: string;
  /** What the app has made up for this sign-in. */
  readonly nonce: string;
}

/**
 * Signs somebody in with an ID token that an app has got from its provider by itself.
 *
 * Attack: an ID token that was seen by somebody else, in a log or at another server, and is sent here. It
 * says what its `nonce` is, so that this has to be the hash of what only the app knows; and each token
 * works once.
 *
 * @throws BadUserInput, ProviderRefused, ProviderUnavailable and what OpenIdentity throws
 */
export type SignInWithIdToken<Opened> = (command: SignInWithIdTokenCommand) => Promise<Opened>;

export function createSignInWithIdToken<Opened>(
  providers: KnownProviders,
  openIdentity: OpenIdentity<Opened>,
): SignInWithIdToken<Opened> {
  return async (command) => {
    const { idToken, nonce } = command;
    const provider = providers.find(command.provider);
    const read = provider && (await providers.clientOf(provider)).readIdToken;
    if (!read) throw unknownProvider();
    if (nonce.length < 16 || nonce.length > 256) throw badNonce();
    const hashed = createHash('sha256').update(nonce).digest('hex');
    const { identity, expiresAt } = await read(idToken, hashed);
    // What is signed of it: the signature itself may be spelled in several ways.
    const signed = idToken.slice(0, idToken.lastIndexOf('.'));
    const id = createHash('sha256').update(signed).digest('base64url');
    return openIdentity(provider, identity, { ...command, once: { id, expiresAt } });
  };
}

function badNonce(): BadUserInput {
  const message = 'This must have 16 to 256 characters.';
  return new BadUserInput([{ path: 'nonce', rule: 'NONCE', message }]);
}
