import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { LoginDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from './people.ts';
import { createTestClient, dataOf, type TestAnswer } from './test-client.ts';
import type { TestGateway } from './test-gateway.ts';

export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly sessionId: string;
  readonly accessToken: string;
}

export interface TestAdministrator extends TestPerson {
  /** Sends an operation to the administrators' endpoint. */
  readonly ask: <Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables?: Variables,
  ) => Promise<TestAnswer<Data>>;
}

export async function registerPerson(gateway: TestGateway, name?: string): Promise<TestPerson> {
  const email = freshEmail(name);
  const answer = await createTestClient(gateway.origin).send(RegisterDocument, {
    input: { email, password: goodPassword },
  });
  const { user, session, accessToken } = dataOf(answer).register;
  return { id: user.id, email, sessionId: session.id, accessToken };
}

/** Somebody with a role, which they got before they logged in. */
export async function registerAdministrator(
  gateway: TestGateway,
  role = 'admin',
): Promise<TestAdministrator> {
  const person = await registerPerson(gateway, 'admin');
  await gateway.query('INSERT INTO user_roles (user_id, role) VALUES ($1, $2)', [person.id, role]);
  const answer = await createTestClient(gateway.origin).send(LoginDocument, {
    input: { identifier: person.email, password: goodPassword },
  });
  const { accessToken, session } = dataOf(answer).login;
  const client = createTestClient(gateway.origin, '/admin/graphql');
  return {
    ...person,
    accessToken,
    sessionId: session.id,
    ask: (document, variables) => client.send(document, variables, { accessToken }),
  };
}
