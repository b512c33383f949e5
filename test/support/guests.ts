import { RefreshDocument, SignInAsGuestDocument } from '../generated/graphql.ts';
import { createTestClient, dataOf, type TestClient } from './test-client.ts';
import type { TestGateway } from './test-gateway.ts';

/** Somebody who goes on without an account. */
export interface TestGuest {
  readonly id: string;
  readonly client: TestClient;
  readonly accessToken: string;
  readonly sessionId: string;
  /** With delivery in the body. */
  readonly refreshToken: string;
}

export async function arrive(
  gateway: Pick<TestGateway, 'origin'>,
  delivery: 'BODY' | 'COOKIE' = 'BODY',
  headers: Readonly<Record<string, string>> = {},
): Promise<TestGuest> {
  const client = createTestClient(gateway.origin);
  const answer = await client.send(SignInAsGuestDocument, { input: { delivery } }, { headers });
  const { user, accessToken, refreshToken, session } = dataOf(answer).signInAsGuest;
  const sessionId = session.id;
  return { id: user.id, client, accessToken, sessionId, refreshToken: refreshToken ?? '' };
}

/** Refreshes with a token of the body, as somebody without cookies. */
export function refreshWith(gateway: Pick<TestGateway, 'origin'>, refreshToken: string) {
  return createTestClient(gateway.origin).send(RefreshDocument, { input: { refreshToken } });
}
