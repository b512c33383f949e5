import {
  RequestSignInEmailDocument,
  SignInWithEmailCodeDocument,
  SignInWithEmailLinkDocument,
} from '../generated/graphql.ts';
import type { MailGateway } from './mail-gateway.ts';
import type { ReceivedMail } from './mail-server.ts';
import { dataOf, type SendOptions, type TestClient } from './test-client.ts';

export interface SignInMail {
  readonly requestId: string;
  /** Null where a cookie has it. */
  readonly binding: string | null;
  readonly code: string;
  readonly token: string;
  readonly mail: ReceivedMail;
}

/** Asks for a mail to sign in with. */
export function requestMail(
  client: TestClient,
  email: string,
  delivery: 'COOKIE' | 'BODY' = 'COOKIE',
  options: SendOptions = {},
) {
  return client.send(RequestSignInEmailDocument, { input: { email, delivery } }, options);
}

/** Asks for one and waits for it. */
export async function askForMail(
  { mail }: Pick<MailGateway, 'mail'>,
  client: TestClient,
  email: string,
  delivery: 'COOKIE' | 'BODY' = 'COOKIE',
  options: SendOptions = {},
): Promise<SignInMail> {
  const before = mail.received.filter(isSignIn(email)).length;
  const answer = await requestMail(client, email, delivery, options);
  const { requestId, binding = null } = dataOf(answer).requestSignInEmail;
  for (let count = 1; ; count += 1) {
    const found = (await mail.mailsTo(email, count)).filter(isSignIn(email))[before];
    if (!found) continue;
    return { requestId, binding, code: codeIn(found), token: found.token ?? '', mail: found };
  }
}

const signInSubject = /^(Sign in to|Your code for)/;

function isSignIn(email: string) {
  return ({ recipients, subject = '' }: ReceivedMail) =>
    recipients.includes(email) && signInSubject.test(subject);
}

/** The six digits that a mail shows. */
export function codeIn({ text = '' }: Pick<ReceivedMail, 'text'>): string {
  return /^(\d{6})$/m.exec(text)?.[1] ?? '';
}

/** Another code than the right one. */
export function otherCode(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, '0');
}

export function useCode(
  client: TestClient,
  input: {
    readonly requestId: string;
    readonly code: string;
    readonly binding?: string | null;
    readonly delivery?: 'COOKIE' | 'BODY';
  },
  options: SendOptions = {},
) {
  const { requestId, code, binding = null, delivery = 'COOKIE' } = input;
  const given = { requestId, code, binding, delivery };
  return client.send(SignInWithEmailCodeDocument, { input: given }, options);
}

export function useLink(
  client: TestClient,
  input: {
    readonly token: string;
    readonly code?: string;
    readonly binding?: string | null;
    readonly delivery?: 'COOKIE' | 'BODY';
  },
  options: SendOptions = {},
) {
  const { token, code = null, binding = null, delivery = 'COOKIE' } = input;
  const given = { token, code, binding, delivery };
  return client.send(SignInWithEmailLinkDocument, { input: given }, options);
}
