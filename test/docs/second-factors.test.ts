import { loadWebAuthn } from '../../src/factors/load-webauthn.ts';
import { signUp, step } from '../support/enrolled-person.ts';
import { documentsOf } from '../support/markdown-documents.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { goodPassword } from '../support/people.ts';
import { createTestAuthenticator } from '../support/test-authenticator.ts';
import { createTestClient, dataOf, type TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

type Data = Record<string, Record<string, unknown>>;

/** Each document of the pages, as somebody would send them who reads on from the top. */
describe('docs/second-factors.md and docs/step-up.md', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    await loadWebAuthn();
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const documents = ['docs/second-factors.md', 'docs/step-up.md']
    .flatMap(documentsOf)
    .map(({ document }) => document);
  const sent = new Set<string>();
  const send = async (
    client: TestClient,
    name: string,
    variables: object,
    accessToken?: string,
  ): Promise<Record<string, unknown>> => {
    const document = documents.find((each) => new RegExp(`(mutation|query) ${name}\\b`).test(each));
    if (!document) throw new Error(`no document ${name}`);
    sent.add(document);
    const given = accessToken === undefined ? {} : { accessToken };
    const [payload] = Object.values(
      dataOf(await client.send<Data, object>(document, variables, given)),
    );
    return payload ?? {};
  };

  it('are good, document by document', async () => {
    const person = await signUp(gateway);
    const { client, accessToken } = person;
    const { secret } = await send(client, 'BeginTotpSetup', {}, accessToken);
    const code = codeAt(String(secret), gateway.clock.now());
    await send(client, 'ConfirmTotpSetup', { input: { code } }, accessToken);
    gateway.clock.advance(step);

    const stranger = createTestClient(gateway.origin);
    const login = documents.find((each) => /mutation Login\b/.test(each)) ?? '';
    sent.add(login);
    const input = { identifier: person.email, password: goodPassword, delivery: 'BODY' };
    const asked = await stranger.send(login, { input });
    const { challenge } = asked.errors[0]?.extensions.stepUp ?? {};
    const totpCode = codeAt(String(secret), gateway.clock.now());
    const completed = { input: { challenge, totpCode, delivery: 'BODY' } };
    const signedIn = await send(stranger, 'CompleteSignIn', completed);
    const strong = String(signedIn.accessToken);
    await send(stranger, 'RegenerateRecoveryCodes', {}, strong);
    await send(stranger, 'Authenticators', {}, strong);

    const device = createTestAuthenticator(new URL('http://localhost:0').origin);
    const setup = await send(stranger, 'BeginPasskeySetup', {}, strong);
    const { passkey, response } = device.create(Object(setup.options));
    const made = { ceremony: setup.ceremony, response, name: 'Blue key' };
    const added = await send(stranger, 'CompletePasskeySetup', { input: made }, strong);
    const { id } = Object(added.passkey);
    await send(stranger, 'RenamePasskey', { input: { id, name: 'Green key' } }, strong);

    await send(stranger, 'SignInOptions', {});
    const begun = await send(stranger, 'BeginPasskeySignIn', {});
    const answer = { ceremony: begun.ceremony, response: passkey.assert(Object(begun.options)) };
    const entered = await send(stranger, 'SignInWithPasskey', { input: { passkey: answer } });
    const strongest = String(entered.accessToken);
    const proof = await send(stranger, 'BeginStepUp', {}, strongest);
    const { ceremony, options } = Object(proof.passkey);
    const shown = { passkey: { ceremony, response: passkey.assert(options) } };
    await send(stranger, 'StepUp', { input: shown }, strongest);
    await send(stranger, 'RemoveAuthenticator', { input: { id } }, strongest);
    expect(documents.filter((document) => !sent.has(document))).toEqual([]);
  });
});
