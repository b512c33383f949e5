import {
  BeginTotpSetupDocument,
  CompleteSignInDocument,
  ConfirmTotpSetupDocument,
  LoginDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { codeAt } from './one-time-codes.ts';
import { freshEmail, goodPassword } from './people.ts';
import { createTestClient, dataOf, type TestAnswer, type TestClient } from './test-client.ts';
import type { TestGateway } from './test-gateway.ts';

/** Milliseconds of a step. */
export const step = 30_000;

export interface Enrolled {
  readonly id: string;
  readonly email: string;
  /** In which they signed up. */
  readonly client: TestClient;
  readonly accessToken: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  readonly authenticatorId: string;
}

/** Somebody who has just signed up. */
export async function signUp(gateway: Pick<TestGateway, 'origin'>, email = freshEmail()) {
  const client = createTestClient(gateway.origin);
  const input = { email, password: goodPassword };
  const { register } = dataOf(await client.send(RegisterDocument, { input }));
  return { id: register.user.id, email, client, accessToken: register.accessToken };
}

/** Somebody who has signed up and added an app for codes, a step ago. */
export async function enrol(
  gateway: Pick<TestGateway, 'origin' | 'clock'>,
  email?: string,
): Promise<Enrolled> {
  const person = await signUp(gateway, email);
  const added = await addTotp(gateway, person);
  gateway.clock.advance(step);
  return { ...person, ...added };
}

/** Adds an app for codes to an account. */
export async function addTotp(
  { clock }: Pick<TestGateway, 'clock'>,
  { client, accessToken }: { readonly client: TestClient; readonly accessToken: string },
) {
  const begun = await client.send(BeginTotpSetupDocument, {}, { accessToken });
  const { secret } = dataOf(begun).beginTotpSetup;
  const code = codeAt(secret, clock.now());
  const confirmed = await client.send(ConfirmTotpSetupDocument, { code }, { accessToken });
  const { recoveryCodes, authenticators } = dataOf(confirmed).confirmTotpSetup;
  return { secret, recoveryCodes, authenticatorId: authenticators.totp?.id ?? '' };
}

/** The first half of a sign-in, without a cookie. */
export async function beginSignIn(
  client: TestClient,
  identifier: string,
  password = goodPassword,
): Promise<{ readonly answer: TestAnswer<unknown>; readonly challenge: string }> {
  const input = { identifier, password, delivery: 'BODY' as const };
  const answer = await client.send(LoginDocument, { input });
  return { answer, challenge: answer.errors[0]?.extensions.stepUp?.challenge ?? '' };
}

/** The second half. */
export function completeSignIn(
  client: TestClient,
  input: {
    readonly challenge?: string;
    readonly totpCode?: string;
    readonly recoveryCode?: string;
    readonly delivery?: 'BODY' | 'COOKIE';
  },
) {
  return client.send(CompleteSignInDocument, { input: { delivery: 'BODY', ...input } });
}

/** Both halves, with a code of now. */
export async function signInWithCode(
  gateway: Pick<TestGateway, 'origin' | 'clock'>,
  { email, secret }: Pick<Enrolled, 'email' | 'secret'>,
) {
  const client = createTestClient(gateway.origin);
  const { challenge } = await beginSignIn(client, email);
  const totpCode = codeAt(secret, gateway.clock.now());
  const answer = await completeSignIn(client, { challenge, totpCode });
  return { client, ...dataOf(answer).completeSignIn };
}
