import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
} from 'openid-client';
import type { Clock } from '../core/clock.ts';
import { asking, telling } from './asking.ts';
import { clientAuthentication } from './client-authentication.ts';
import { ProviderRefused, ProviderUnavailable } from './errors.ts';
import { entraHost } from './gives-out.ts';
import { authTimeIn, type Claims, emailIn, hasTwoFactorsIn, nameIn } from './identity-claims.ts';
import type { ProvedIdentity, Provider, ProviderClient } from './provider.ts';
import type { ProviderFetch } from './provider-fetch.ts';
import { createReadIdToken, type IdTokenClaims, type ReadIdToken } from './read-id-token.ts';

export interface AskOidcOptions {
  readonly provider: Provider;
  readonly fetch: ProviderFetch;
  readonly now: Clock;
}

interface Discovered {
  readonly configuration: Configuration;
  readonly readIdToken: ReadIdToken;
  readonly at: number;
}

/** Milliseconds for which what a provider says of itself is believed. */
const keptFor = 3_600_000;

/**
 * A provider of OpenID Connect. What it says of itself is asked for at its first use, and kept for an
 * hour; while it is asked, everybody waits for the one answer.
 *
 * The signature of an ID token is checked although it comes straight from the provider: with that, one
 * function reads all of them, and a token endpoint alone makes nobody.
 */
export function createOidcClient(options: AskOidcOptions): ProviderClient {
  const { provider, now } = options;
  const fetch = telling(options.fetch);
  let discovered: Promise<Discovered> | undefined;

  return {
    authorizationUrl: ({ redirectUri, state, nonce, verifier, maxAge }) =>
      asking(async () => {
        const { configuration } = await current();
        const { secret, scopes } = provider;
        const url = buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri,
          scope: scopes.join(' '),
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          // What is asked for so, the ID token has to tell (OpenID Connect Core section 3.1.2.1).
          ...(maxAge === null ? {} : { max_age: String(maxAge) }),
          // Apple gives an address only so.
          ...(secret.kind === 'apple' ? { response_mode: 'form_post' } : {}),
        });
        return url.href;
      }),

    redeem: (answer, { redirectUri, state, nonce, verifier }) =>
      asking(async () => {
        const { configuration, readIdToken } = await current();
        const url = new URL(redirectUri);
        for (const [name, value] of answer) url.searchParams.append(name, value);
        const tokens = await authorizationCodeGrant(configuration, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const { id_token: idToken = '', access_token: accessToken } = tokens;
        const expected = { clientIds: [provider.clientId], nonce, now: now() };
        const claims = await readIdToken(idToken, expected);
        const more = await userInfo(configuration, accessToken, claims);
        return identityIn(claims, more, namesInForm(answer));
      }),

    readIdToken: (idToken, nonce) =>
      asking(async () => {
        const { readIdToken } = await current();
        const clientIds = [provider.clientId, ...provider.nativeClientIds];
        const claims = await readIdToken(idToken, { clientIds, nonce, now: now() });
        return {
          identity: identityIn(claims, {}, {}),
          expiresAt: claims.takenUntil,
        };
      }),
  };

  function current(): Promise<Discovered> {
    discovered ??= discover();
    return discovered.then((known) => {
      if (now().getTime() - known.at < keptFor) return known;
      discovered = discover();
      return discovered;
    });
  }

  function discover(): Promise<Discovered> {
    const asked = askDiscovery().catch((error: unknown) => {
      // Whoever comes next asks again.
      discovered = undefined;
      throw error instanceof ProviderRefused ? new ProviderUnavailable('discovery', error) : error;
    });
    return asked;
  }

  async function askDiscovery(): Promise<Discovered> {
    const issuer = new URL(provider.issuer);
    const { clientId } = provider;
    const configuration = await asking(() =>
      discovery(issuer, clientId, {}, clientAuthentication(provider, now), {
        [customFetch]: fetch,
        execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
      }),
    );
    const server = configuration.serverMetadata();
    // The library lets Entra and Azure B2C name any issuer.
    if (!isIssuer(server.issuer, provider.issuer)) {
      throw new ProviderUnavailable('discovery names another issuer');
    }
    if (!server.jwks_uri) throw new ProviderUnavailable('discovery names no keys');
    if (new URL(server.jwks_uri).protocol !== issuer.protocol) {
      throw new ProviderUnavailable('discovery names keys of another protocol');
    }
    return {
      configuration,
      readIdToken: createReadIdToken({
        jwksUri: server.jwks_uri,
        issuerOf: ({ tid }) => server.issuer.replace('{tenantid}', String(tid)),
        fetch,
      }),
      at: now().getTime(),
    };
  }

  /** Some give an address only there. It says nothing of anybody else: the subject is the same. */
  async function userInfo(
    configuration: Configuration,
    accessToken: string,
    claims: IdTokenClaims,
  ): Promise<Claims> {
    const { userinfo_endpoint: endpoint } = configuration.serverMetadata();
    if (claims.email !== undefined || endpoint === undefined) return {};
    return fetchUserInfo(configuration, accessToken, claims.sub);
  }

  /** An address and what is said of it come from one place. */
  function identityIn(claims: IdTokenClaims, more: Claims, form: Claims): ProvedIdentity {
    const name = (key: string) => nameIn(claims[key] ?? more[key] ?? form[key]);
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: emailIn(claims.email === undefined ? more : claims, provider),
      firstName: name('given_name'),
      lastName: name('family_name'),
      hasTwoFactors: hasTwoFactorsIn(claims),
      authTime: authTimeIn(claims),
    };
  }
}

const tenant = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Whether discovery names the issuer that was asked; of Entra's tenants each has its own. */
function isIssuer(named: string, wanted: string): boolean {
  if (named === wanted || named === `${wanted}/`) return true;
  if (!wanted.startsWith(entraHost)) return false;
  const asked = wanted.slice(entraHost.length, -'/v2.0'.length);
  const isOfMany = asked === 'common' || asked === 'organizations';
  if (isOfMany) return named === `${entraHost}{tenantid}/v2.0`;
  // By a name, such as contoso.onmicrosoft.com or consumers, and not by an id.
  const isById = new RegExp(`^${tenant}$`, 'i').test(asked);
  return !isById && new RegExp(`^${entraHost}${tenant}/v2\\.0$`).test(named);
}

/** Apple tells a name once, beside the code, and signs it not: it is worth as much as one that is typed. */
function namesInForm(answer: URLSearchParams): Claims {
  try {
    const { name } = JSON.parse(answer.get('user') ?? '{}');
    return { given_name: name?.firstName, family_name: name?.lastName };
  } catch {
    return {};
  }
}
