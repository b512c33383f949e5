import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { MockAgent } from 'undici';

/** What was sent to a provider. */
export interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
}

/**
 * Google, Apple, GitHub and Microsoft, as their documentation shows their answers, at their own
 * addresses: nothing leaves this process.
 */
export interface RecordedProviders {
  readonly dispatcher: MockAgent;
  /** The requests to this address, such as `POST https://github.com/login/oauth/access_token`. */
  readonly sentTo: (what: string) => readonly SentRequest[];
  /** An ID token, as an app gets it by itself. */
  readonly sign: (claims: JWTPayload) => Promise<string>;
  /** Makes the ID token of who signs in next. */
  readonly answerWith: (claims: JWTPayload) => Promise<void>;
  /** What GitHub says, of who signs in next. */
  github: { user: object; emails: unknown; token: object; status: number };
  /** The key that signs: those of Entra are each for some tenants. */
  keyId: 'of-all' | 'of-one';
  readonly stop: () => Promise<void>;
}

export const oneTenant = '8a9b0c1d-2e3f-4a5b-8c6d-7e8f9a0b1c2d';
/** Of everybody who has an account at Microsoft of their own. */
export const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const entra = 'https://login.microsoftonline.com';

export async function startRecordedProviders(clientId: string): Promise<RecordedProviders> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), use: 'sig', alg: 'RS256' };
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  const sent = new Map<string, SentRequest[]>();
  let idToken = '';
  const made: RecordedProviders = {
    dispatcher,
    sentTo: (what) => sent.get(what) ?? [],
    sign(claims) {
      const at = Math.floor(Date.now() / 1_000);
      const token = new SignJWT({ aud: clientId, iat: at, exp: at + 3_600, ...claims });
      token.setProtectedHeader({ alg: 'RS256', kid: made.keyId });
      return token.sign(privateKey);
    },
    async answerWith(claims) {
      idToken = await made.sign(claims);
    },
    github: { user: {}, emails: [], token: {}, status: 200 },
    keyId: 'of-all',
    stop: () => dispatcher.close(),
  };

  const answer = (
    method: 'GET' | 'POST',
    origin: string,
    path: string,
    body: () => unknown,
    status = () => 200,
  ) => {
    dispatcher
      .get(origin)
      .intercept({ path, method })
      .reply((request) => {
        const headers = Object.fromEntries(new Headers(request.headers as Record<string, string>));
        const noted = { headers, form: new URLSearchParams(String(request.body ?? '')) };
        const key = `${method} ${origin}${path}`;
        sent.set(key, [...(sent.get(key) ?? []), noted]);
        return {
          statusCode: status(),
          data: JSON.stringify(body()),
          responseOptions: { headers: { 'content-type': 'application/json; charset=utf-8' } },
        };
      })
      .persist();
  };

  const tokens = () => ({
    access_token: 'an access token that nobody keeps',
    token_type: 'Bearer',
    expires_in: 3_600,
    scope: 'openid email profile',
    id_token: idToken,
  });
  const openIdOf = (issuer: string, origin: string, path: string, more: object) => {
    answer('GET', origin, path, () => ({
      issuer,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      jwks_uri: `${origin}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      ...more,
    }));
  };
  const wellKnown = '/.well-known/openid-configuration';
  openIdOf('https://accounts.google.com', 'https://accounts.google.com', wellKnown, {});
  openIdOf('https://appleid.apple.com', 'https://appleid.apple.com', wellKnown, {
    response_modes_supported: ['query', 'fragment', 'form_post'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  });
  for (const tenant of ['common', 'organizations']) {
    openIdOf(`${entra}/{tenantid}/v2.0`, entra, `/${tenant}/v2.0${wellKnown}`, {});
  }
  openIdOf(`${entra}/${oneTenant}/v2.0`, entra, `/${oneTenant}/v2.0${wellKnown}`, {});
  openIdOf(`${entra}/${oneTenant}/v2.0`, entra, `/contoso.onmicrosoft.com/v2.0${wellKnown}`, {});
  for (const origin of ['https://accounts.google.com', 'https://appleid.apple.com', entra]) {
    answer('GET', origin, '/keys', () => ({
      keys: [
        {
          ...jwk,
          kid: 'of-all',
          ...(origin === entra ? { issuer: `${entra}/{tenantid}/v2.0` } : {}),
        },
        { ...jwk, kid: 'of-one', issuer: `${entra}/${oneTenant}/v2.0` },
      ],
    }));
    answer('POST', origin, '/token', tokens);
  }
  answer('POST', 'https://github.com', '/login/oauth/access_token', () => made.github.token);
  answer(
    'GET',
    'https://api.github.com',
    '/user',
    () => made.github.user,
    () => made.github.status,
  );
  answer('GET', 'https://api.github.com', '/user/emails?per_page=100', () => made.github.emails);
  return made;
}
