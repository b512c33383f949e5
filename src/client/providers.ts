/** Published as `graphql-gatehouse-client/providers`: signing in with accounts of other providers. */
import { ask } from './factors/ask.ts';
import { passesOf } from './passes.ts';
import type { Session } from './session.ts';
import { createSessionRequest } from './session-request.ts';
import type { SessionUser } from './session-state.ts';

/** Whose accounts may be used to sign in. */
export interface SignInProvider {
  readonly name: string;
  /** For a button. */
  readonly label: string;
}

/** An account at a provider, with which one's own is opened. Times are ISO 8601. */
export interface LinkedIdentity {
  readonly id: string;
  /** The provider's name. */
  readonly provider: string;
  readonly email: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** Where the browser is sent, for a sign-in or a link. */
export interface BegunAtProvider {
  readonly url: string;
  /** With `delivery: 'body'`: keep it, and complete with it. A browser has a cookie; null. */
  readonly codeVerifier: string | null;
}

const identityFields = 'id provider email createdAt lastUsedAt';
export const providersDocument = 'query Providers{signInOptions{providers{name label}}}';
export const beginProviderDocument =
  'mutation BeginProviderSignIn($input:BeginProviderSignInInput!){beginProviderSignIn(input:$input){url}}';
export const identitiesDocument = `query Identities{me{identities{${identityFields}}}}`;
export const beginLinkDocument =
  'mutation BeginProviderLink($input:BeginProviderLinkInput!){beginProviderLink(input:$input){url}}';
export const completeLinkDocument = `mutation CompleteProviderLink($input:CompleteProviderLinkInput!){completeProviderLink(input:$input){identity{${identityFields}}}}`;
export const unlinkDocument = `mutation UnlinkIdentity($input:UnlinkIdentityInput!){unlinkIdentity(input:$input){identities{${identityFields}}}}`;

/** @throws GatehouseError */
export async function signInProviders(session: Session): Promise<readonly SignInProvider[]> {
  const { signInOptions } = await ask<{
    signInOptions: { providers: readonly SignInProvider[] };
  }>(session, providersDocument);
  return signInOptions.providers;
}

/**
 * Begins a sign-in: send the browser to its `url`. It comes back to `returnTo`, a page of the gateway's
 * origin or of one in CORS_ORIGINS, with a code for `takeProviderCode`.
 *
 * @param maxAge seconds: who has shown the provider longer ago who they are is to show it again
 * @throws GatehouseError, such as `PROVIDER_UNAVAILABLE`
 */
export async function beginProviderSignIn(
  session: Session,
  provider: string,
  returnTo: string,
  maxAge?: number,
): Promise<BegunAtProvider> {
  const { codeVerifier, ...binding } = await bind(session);
  const input = { provider, returnTo, maxAge, ...binding };
  const answer = await ask<{ beginProviderSignIn: { url: string } }>(
    session,
    beginProviderDocument,
    { input },
  );
  return { ...answer.beginProviderSignIn, codeVerifier };
}

/**
 * The code that a provider's answer has brought to this page, which is taken out of its address.
 *
 * @returns null where there is none
 */
export function takeProviderCode(): string | null {
  const { hash, pathname, search } = location;
  const [, code = null] = /^#code=([\w-]{43})$/.exec(hash) ?? [];
  if (code) history.replaceState(history.state, '', pathname + search);
  return code;
}

/**
 * Signs in with what the provider has shown, or makes an account with it.
 *
 * @throws GatehouseError, such as `LINK_REQUIRED`, `PROVIDER_REFUSED`, `STATE_INVALID`;
 *   `EMAIL_NOT_VERIFIED`, where the address of the account has to be proved first;
 *   `SECOND_FACTOR_REQUIRED`, with which `createSignIn().begin` goes on
 */
export function completeProviderSignIn(
  session: Session,
  code: string,
  codeVerifier?: string | null,
): Promise<SessionUser> {
  return session[passesOf].exchange('completeProviderSignIn', { code, codeVerifier });
}

/**
 * Signs in with an ID token that an app has got by itself.
 *
 * @param given.nonce what the app made up; the provider was given its SHA-256 in hexadecimal digits
 * @throws GatehouseError as `completeProviderSignIn`
 */
export function signInWithIdToken(
  session: Session,
  given: { readonly provider: string; readonly idToken: string; readonly nonce: string },
): Promise<SessionUser> {
  return session[passesOf].exchange('signInWithIdToken', given);
}

/** @returns what is linked; none where nobody is signed in. @throws GatehouseError */
export async function identities(session: Session): Promise<readonly LinkedIdentity[]> {
  const { me } = await session.request<{
    me: { identities: readonly LinkedIdentity[] } | null;
  }>(identitiesDocument);
  return me?.identities ?? [];
}

/**
 * Begins to link, as `beginProviderSignIn`.
 *
 * @throws GatehouseError, such as `STEP_UP_REQUIRED`, `EMAIL_NOT_VERIFIED`
 */
export async function beginProviderLink(
  session: Session,
  provider: string,
  returnTo: string,
): Promise<BegunAtProvider> {
  const { codeVerifier, ...binding } = await bind(session);
  const answer = await withCookies(session)<{ beginProviderLink: { url: string } }>(
    beginLinkDocument,
    { input: { provider, returnTo, ...binding } },
  );
  return { ...answer.beginProviderLink, codeVerifier };
}

/** @throws GatehouseError, such as `IDENTITY_TAKEN`, `PROVIDER_REFUSED`, `STATE_INVALID` */
export async function completeProviderLink(
  session: Session,
  code: string,
  codeVerifier?: string | null,
): Promise<LinkedIdentity> {
  const answer = await withCookies(session)<{
    completeProviderLink: { identity: LinkedIdentity };
  }>(completeLinkDocument, { input: { code, codeVerifier } });
  return answer.completeProviderLink.identity;
}

/** @returns what is left. @throws GatehouseError, such as `STEP_UP_REQUIRED`, `LAST_AUTHENTICATOR` */
export async function unlinkIdentity(
  session: Session,
  id: string,
): Promise<readonly LinkedIdentity[]> {
  const answer = await session.request<{
    unlinkIdentity: { identities: readonly LinkedIdentity[] };
  }>(unlinkDocument, { input: { id } });
  return answer.unlinkIdentity.identities;
}

/** Operations of who is signed in that need the cookie, too. */
function withCookies(session: Session): Session['request'] {
  const { fetch, delivery, ...wire } = session[passesOf].wire;
  if (delivery === 'body') return session.request;
  return createSessionRequest(session[passesOf], {
    ...wire,
    fetch: (url, init) => fetch(url, { ...init, credentials: 'include' }),
  });
}

/** What binds the end to the beginning (RFC 7636 section 4) where no cookie does. */
async function bind(session: Session) {
  const { delivery } = session[passesOf].wire;
  if (delivery === 'cookie') return { delivery: 'COOKIE', codeVerifier: null };
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  return { delivery: 'BODY', codeVerifier, codeChallenge: base64url(new Uint8Array(digest)) };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
