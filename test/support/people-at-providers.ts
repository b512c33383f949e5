import type { JWTPayload } from 'jose';
import { CompleteProviderSignInDocument } from '../generated/graphql.ts';
import type { TestGuest } from './guests.ts';
import { freshGithubId, freshSubject } from './people.ts';
import { begin, codeOf, deliver, redirectUri } from './provider-gateway.ts';
import { entra, personalTenant, type RecordedProviders } from './recorded-providers.ts';
import { createTestClient } from './test-client.ts';
import type { TestGateway } from './test-gateway.ts';

export type RecordedName = 'google' | 'github' | 'microsoft';

/**
 * Somebody with an account at one of the recorded providers, who comes with it as often as asked.
 *
 * @returns what signs them in there
 */
export function personAt(
  gateway: TestGateway,
  recorded: RecordedProviders,
  name: RecordedName,
  email: string,
) {
  const [id, sub] = [freshGithubId(), freshSubject()];
  const ofMicrosoft = { iss: `${entra}/${personalTenant}/v2.0`, tid: personalTenant };
  const claims: Readonly<Record<Exclude<RecordedName, 'github'>, JWTPayload>> = {
    google: { iss: 'https://accounts.google.com', sub, email, email_verified: true },
    microsoft: { ...ofMicrosoft, sub, email, xms_edov: true },
  };
  return async (
    client = createTestClient(gateway.origin),
    guest?: Pick<TestGuest, 'accessToken'>,
  ) => {
    const url = new URL(await begin(client, name));
    if (name === 'github') {
      recorded.github = {
        user: { id, login: 'octocat', name: 'Ada' },
        emails: [{ email, primary: true, verified: true }],
        token: { access_token: 'token', scope: 'user:email', token_type: 'bearer' },
        status: 200,
      };
    } else {
      await recorded.answerWith({ ...claims[name], nonce: url.searchParams.get('nonce') });
    }
    const state = url.searchParams.get('state') ?? '';
    const answer = new URLSearchParams({ code: 'c', state });
    const code = codeOf(await deliver(gateway, `${redirectUri(name)}?${answer}`));
    return client.send(CompleteProviderSignInDocument, { input: { code } }, guest ?? {});
  };
}
