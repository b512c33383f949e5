/** Published as `graphql-gatehouse-client/email-sign-in`: codes and links by mail. */
import { ask } from './factors/ask.ts';
import { passesOf } from './passes.ts';
import type { Session } from './session.ts';
import type { SessionUser } from './session-state.ts';

/** A mail that was asked for. Plain data: a page may keep it while the person looks for the mail. */
export interface EmailRequest {
  readonly requestId: string;
  /** By the gateway's clock (ISO 8601): until then the code and the link work. */
  readonly expiresAt: string;
  /** With `delivery: 'body'`: keep it secret. A browser has it in an HttpOnly cookie; null. */
  readonly binding: string | null;
}

export const requestEmailDocument =
  'mutation RequestSignInEmail($input:RequestSignInEmailInput!){requestSignInEmail(input:$input){requestId expiresAt binding}}';

/**
 * Asks for a mail to sign in with, whether or not anybody has the address.
 *
 * @throws GatehouseError, such as `RATE_LIMITED`; `SIGN_IN_NOT_OFFERED` where EMAIL_SIGN_IN is off
 */
export async function requestSignInEmail(session: Session, email: string): Promise<EmailRequest> {
  const delivery = session[passesOf].wire.delivery.toUpperCase();
  const input = { email, delivery };
  const answer = await ask<{ requestSignInEmail: EmailRequest }>(session, requestEmailDocument, {
    input,
  });
  return answer.requestSignInEmail;
}

/**
 * Signs in with the code of the mail that was asked for here.
 *
 * @throws GatehouseError, such as `CODE_INVALID`; `CODE_EXPIRED` where only another mail helps;
 *   `SECOND_FACTOR_REQUIRED`, with which `createSignIn().begin` goes on
 */
export function signInWithEmailCode(
  session: Session,
  { requestId, binding }: Pick<EmailRequest, 'requestId' | 'binding'>,
  code: string,
): Promise<SessionUser> {
  const input = { requestId, code, binding };
  return session[passesOf].exchange('signInWithEmailCode', input);
}

/**
 * Signs in with the link of a mail, whose token stands behind the # of the page's address.
 *
 * @param how.code of the same mail, typed by a person after `SIGN_IN_STARTED_ELSEWHERE`
 * @param how.binding of the request, with `delivery: 'body'`
 * @throws GatehouseError, such as `SIGN_IN_STARTED_ELSEWHERE`, for which nothing was spent;
 *   `ONE_TIME_TOKEN_EXPIRED`, `ONE_TIME_TOKEN_USED`; `SECOND_FACTOR_REQUIRED` as above
 */
export function signInWithEmailLink(
  session: Session,
  token: string,
  how: { readonly code?: string; readonly binding?: string | null } = {},
): Promise<SessionUser> {
  return session[passesOf].exchange('signInWithEmailLink', { ...how, token });
}
