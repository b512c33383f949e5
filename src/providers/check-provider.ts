import { randomBytes } from 'node:crypto';
import { DomainError } from '../core/domain-error.ts';
import { makeSecret } from './binding.ts';
import type { KnownProviders } from './known-providers.ts';
import type { Provider } from './provider.ts';

/** What is to be entered at a provider, and whether it answers as it should. */
export interface CheckedProvider {
  readonly name: string;
  readonly issuer: string;
  readonly redirectUri: string;
  /** Where browsers will be sent; null where the provider can't be used. */
  readonly authorizationEndpoint: string | null;
  readonly problem: string | null;
}

/** Asks a provider what it says of itself, as its first sign-in would. */
export async function checkProvider(
  providers: Pick<KnownProviders, 'clientOf'>,
  provider: Provider,
  redirectUri: string,
): Promise<CheckedProvider> {
  const { name, issuer } = provider;
  const about = { name, issuer, redirectUri };
  const secret = () => makeSecret(randomBytes);
  try {
    const client = await providers.clientOf(provider);
    const request = {
      redirectUri,
      state: secret(),
      nonce: secret(),
      verifier: secret(),
      maxAge: null,
    };
    const { origin, pathname } = new URL(await client.authorizationUrl(request));
    return { ...about, authorizationEndpoint: `${origin}${pathname}`, problem: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...about, authorizationEndpoint: null, problem: error.detail ?? error.message };
  }
}
