import fc from 'fast-check';
import {
  LoginDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { headerText, hostileText, mutationsOf } from './hostile-text.ts';
import { fuzzPatience, fuzzRuns } from './runs.ts';

const runs = { numRuns: fuzzRuns };

describe('whatever is sent, the gateway answers, and not with a failure of its own:', () => {
  let gateway: TestGateway;
  let accessToken: string;
  let refreshToken: string;
  const email = freshEmail();

  beforeAll(async () => {
    gateway = await startTestGateway({ TRUST_PROXY: '127.0.0.1', LOG_LEVEL: 'error' });
    const input = { email, password: goodPassword, delivery: 'BODY' as const };
    const { register } = dataOf(
      await createTestClient(gateway.origin).send(RegisterDocument, { input }),
    );
    accessToken = register.accessToken;
    refreshToken = register.refreshToken ?? '';
  });
  afterAll(() => gateway.stop());

  let sender = 0;
  /** Each from an address of its own, so that the limits let it through. */
  const send = async (
    document: unknown,
    variables: unknown,
    headers: Record<string, string> = {},
  ) => {
    sender += 1;
    const address = `10.${(sender >> 16) & 255}.${(sender >> 8) & 255}.${sender & 255}`;
    const answer = await createTestClient(gateway.origin).send(document as string, variables, {
      headers: { 'x-forwarded-for': address, ...headers },
    });
    const failures = answer.errors.filter(({ extensions: { code } }) =>
      ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'].includes(code),
    );
    expect({ status: answer.status < 500, failures }).toEqual({ status: true, failures: [] });
    return answer;
  };

  it(
    'to an Authorization header',
    async () => {
      const header = fc.oneof(
        headerText,
        headerText.map((text) => `Bearer ${text}`),
        fc.constant(null).chain(() => mutationsOf(`Bearer ${accessToken}`)),
      );
      await fc.assert(
        fc.asyncProperty(header, async (text) => {
          const authorization = text
            .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
            .trim()
            .slice(0, 12_000);
          await send(MeDocument, {}, { authorization });
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'to a cookie',
    async () => {
      const cookie = fc.oneof(
        headerText,
        headerText.map((text) => `refreshToken=${text}`),
        headerText.map((text) => `gatehouse-device=${text}; refreshToken=j:${text}`),
        fc.constant(null).chain(() => mutationsOf(`refreshToken=${refreshToken}`)),
      );
      await fc.assert(
        fc.asyncProperty(cookie, async (text) => {
          const cleaned = text
            .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
            .trim()
            .slice(0, 12_000);
          if (cleaned.includes(refreshToken)) return;
          const answer = await send(RefreshDocument, {}, { cookie: cleaned });
          expect(answer.text).not.toContain('"accessToken"');
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'to a refresh token in the body',
    async () => {
      const token = fc.oneof(
        hostileText,
        fc.constant(null).chain(() => mutationsOf(refreshToken)),
      );
      await fc.assert(
        fc.asyncProperty(token, async (text) => {
          if (text === refreshToken) return;
          const answer = await send(RefreshDocument, { input: { refreshToken: text } });
          expect(answer.text).not.toContain('"accessToken"');
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'to a log-in',
    async () => {
      const identifier = fc.oneof(hostileText, fc.emailAddress(), fc.constant(email));
      await fc.assert(
        fc.asyncProperty(identifier, hostileText, async (text, password) => {
          const answer = await send(LoginDocument, { input: { identifier: text, password } });
          expect(answer.text).not.toContain('"accessToken"');
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'to a registration',
    async () => {
      const address = fc.oneof(
        hostileText,
        fc.emailAddress(),
        fc.emailAddress().chain(mutationsOf),
        hostileText.map((text) => `${text}@example.com`),
      );
      const input = fc.record(
        {
          email: address,
          password: hostileText,
          username: fc.option(hostileText),
          firstName: fc.option(hostileText),
          lastName: fc.option(hostileText),
        },
        { requiredKeys: ['email', 'password'] },
      );
      await fc.assert(
        fc.asyncProperty(input, async (values) => {
          await send(RegisterDocument, { input: values });
        }),
        runs,
      );
    },
    fuzzPatience,
  );

  it(
    'to variables and documents of any shape',
    async () => {
      const operations = [
        MeDocument,
        'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }',
        'query ($input: Int!) { sessions(first: $input) { nodes { id } } }',
        'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { success } }',
      ];
      const variables = fc.oneof(
        fc.jsonValue(),
        fc.record({ input: fc.jsonValue() }),
        fc.dictionary(hostileText, fc.jsonValue()),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(fc.constantFrom(...operations), hostileText),
          variables,
          async (document, values) => {
            await send(document, values, { authorization: `Bearer ${accessToken}` });
          },
        ),
        runs,
      );
    },
    fuzzPatience,
  );
});
