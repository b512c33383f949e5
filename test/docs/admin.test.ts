import {
  registerAdministrator,
  registerPerson,
  type TestAdministrator,
} from '../support/administrators.ts';
import { documentsOf } from '../support/markdown-documents.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('docs/admin.md', () => {
  let gateway: TestGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = await registerAdministrator(gateway);
  });
  afterAll(() => gateway.stop());

  const documents = documentsOf('docs/admin.md');

  it('shows every operation of the schema', () => {
    expect(documents.map(({ name }) => name)).toEqual([
      'System',
      'Users',
      'User',
      'UserByAddress',
      'CreateUser',
      'GrantRole',
      'TakeRole',
      'Disable',
      'Enable',
      'SendVerification',
      'VerifyUserEmail',
      'RequestUserEmailChange',
      'LiftThrottle',
      'ExportUserData',
      'DeleteUser',
      'ForcePasswordReset',
      'RevokeSessions',
      'Impersonate',
      'AuditEvents',
    ]);
  });

  it.each(documents)('$name does what it says as it stands', async ({ document, variables }) => {
    const person = await registerPerson(gateway);
    const given = JSON.parse(
      variables
        .replaceAll('USER_ID', person.id)
        .replaceAll('grace@example.com', freshEmail('grace')),
    );
    const client = createTestClient(gateway.origin, '/admin/graphql');
    expect(dataOf(await client.send(document, given, admin))).toBeTruthy();
  });
});
