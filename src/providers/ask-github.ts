import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
} from 'openid-client';
import { parseEmailAddress } from '../accounts/email-address.ts';
import type { AskOidcOptions } from './ask-oidc.ts';
import { asking, telling } from './asking.ts';
import { clientAuthentication } from './client-authentication.ts';
import { ProviderRefused } from './errors.ts';
import { nameIn } from './identity-claims.ts';
import type { EmailClaim, ProviderClient } from './provider.ts';

const api = 'https://api.github.com';

/**
 * GitHub, which is no OpenID provider: it gives no ID token, and is asked for the person and the addresses.
 *
 * Attack: a login that its owner has given up, and that somebody else has taken. The number of an account
 * is what stays.
 */
export function createGithubClient({ provider, now, ...options }: AskOidcOptions): ProviderClient {
  const fetch = telling(options.fetch);
  const configuration = new Configuration(
    {
      issuer: provider.issuer,
      authorization_endpoint: 'https://github.com/login/oauth/authorize',
      token_endpoint: 'https://github.com/login/oauth/access_token',
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    },
    provider.clientId,
    {},
    clientAuthentication(provider, now),
  );
  configuration[customFetch] = fetch;

  return {
    async authorizationUrl({ redirectUri, state, verifier }) {
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: provider.scopes.join(' '),
        state,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return url.href;
    },

    redeem: (answer, { redirectUri, state, verifier }) =>
      asking(async () => {
        const url = new URL(redirectUri);
        for (const [name, value] of answer) url.searchParams.append(name, value);
        const { access_token: accessToken } = await authorizationCodeGrant(configuration, url, {
          expectedState: state,
          pkceCodeVerifier: verifier,
        });
        const [person, emails] = await Promise.all([
          ask('/user', accessToken),
          ask('/user/emails?per_page=100', accessToken),
        ]);
        if (!isRecord(person) || !Number.isSafeInteger(person.id)) {
          throw new ProviderRefused('no person');
        }
        return {
          issuer: provider.issuer,
          subject: String(person.id),
          email: primaryIn(emails),
          firstName: nameIn(person.name),
          lastName: null,
          hasTwoFactors: false,
          authTime: null,
        };
      }),
  };

  async function ask(path: string, accessToken: string): Promise<unknown> {
    const answer = await fetch(`${api}${path}`, {
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${accessToken}`,
        'user-agent': 'graphql-gatehouse',
        'x-github-api-version': '2022-11-28',
      },
    });
    if (answer.status !== 200) throw new ProviderRefused(`${path}: HTTP ${answer.status}`);
    return answer.json();
  }

  function primaryIn(emails: unknown): EmailClaim | null {
    const found = Array.isArray(emails)
      ? emails.find((each) => isRecord(each) && each.primary === true)
      : undefined;
    const parsed = typeof found?.email === 'string' ? parseEmailAddress(found.email) : undefined;
    if (!parsed) return null;
    const isProved = provider.trustsEmails && found.verified === true;
    // It gives out none: an address there is another provider's, and once was this person's.
    return { address: parsed.address, isProved, isAuthoritative: false };
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
