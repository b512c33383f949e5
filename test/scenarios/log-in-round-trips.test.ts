import { LoginDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { hearRequestQueries, type RequestQueries } from '../support/request-queries.ts';
import { createTestClient, dataOf, type TestClient } from '../support/test-client.ts';
import { postgresUrl } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** What a query is for, by what no other one says. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [/find_credentials/, 'found'],
  [/WITH first AS/, 'counted'],
  [/open_plain_session/, 'opened'],
  [/\), returned AS/, 'settled'],
];

/** With the embedded database, counts are kept in memory. */
const roundTrips =
  postgresUrl === undefined ? ['found', 'opened'] : ['found', 'counted', 'opened', 'settled'];

/** Each round trip costs a log-in the time that it takes, and this process and the database their work. */
describe('a log-in', () => {
  let queries: RequestQueries;
  let gateway: TestGateway;
  beforeAll(async () => {
    queries = hearRequestQueries();
    gateway = await startTestGateway({ TRUST_PROXY: '127.0.0.1' });
  });
  afterAll(async () => {
    await gateway.stop();
    queries.stop();
  });

  const signUp = async (): Promise<{ readonly email: string; readonly client: TestClient }> => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail();
    dataOf(await client.send(RegisterDocument, { input: { email, password: goodPassword } }));
    return { email, client };
  };
  const logIn = async (client: TestClient, email: string, userAgent?: string) => {
    queries.take();
    const input = { identifier: email, password: goodPassword };
    const headers = userAgent === undefined ? {} : { 'user-agent': userAgent };
    dataOf(await client.send(LoginDocument, { input }, { headers }));
    return queries.take();
  };
  const told = (heard: readonly string[]) =>
    heard.map((text) => purposes.find(([sign]) => sign.test(text))?.[1] ?? text);

  it('is found, counted, opened and settled, and asks for nothing else', async () => {
    const { email } = await signUp();
    expect(told(await logIn(createTestClient(gateway.origin), email))).toEqual(roundTrips);
  });

  it('asks as often from a device that has signed in before, whatever it calls itself now', async () => {
    const { email, client } = await signUp();
    const heard = told(await logIn(client, email, 'Another/2.0'));
    expect(heard).toHaveLength(roundTrips.length);
    expect(heard).toContain('opened');
  });

  it('asks more often where the device may be new: that is judged in a transaction', async () => {
    const { email } = await signUp();
    const heard = await logIn(createTestClient(gateway.origin), email, 'Another/2.0');
    expect(told(heard)).toContain('opened');
    expect(heard.filter((text) => /^(START TRANSACTION|BEGIN)/.test(text))).toHaveLength(1);
  });
});
