import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { providers } from '../../src/config/providers.ts';
import { documentsOf } from '../support/markdown-documents.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  codeOf,
  deliver,
  entryOf,
  redirectUri,
  returnTo,
  secretsOf,
  startProviderGateway,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestProvider, type TestProvider } from '../support/test-provider.ts';

type Data = Record<string, Record<string, unknown>>;

describe('docs/providers.md', () => {
  let provider: TestProvider;
  let other: TestProvider;
  let gateway: TestGateway;
  beforeAll(async () => {
    provider = await startTestProvider(redirectUri('google'));
    other = await startTestProvider(redirectUri('company'));
    gateway = await startProviderGateway(
      [entryOf('google', provider), entryOf('company', other)],
      secretsOf({ google: provider, company: other }),
    );
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all([provider.stop(), other.stop()]);
  });

  it('has settings that are good, and names every key of them', () => {
    const page = readFileSync('docs/providers.md', 'utf8');
    const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const parsed = providers.parse(parse(block).providers);
    expect(parsed).toHaveLength(5);
    for (const entry of parsed) {
      for (const key of Object.keys(entry))
        expect(page).toMatch(new RegExp(`^\\| .*\`${key}\``, 'm'));
    }
  });

  it('has documents that are good, one by one', async () => {
    const documents = documentsOf('docs/providers.md').map(({ document }) => document);
    const sent = new Set<string>();
    const client = createTestClient(gateway.origin);
    const send = async (name: string, input: object, accessToken?: string) => {
      const document = documents.find((each) => new RegExp(` ${name}\\b`).test(each));
      if (!document) throw new Error(`no document ${name}`);
      sent.add(document);
      const given = accessToken === undefined ? {} : { accessToken };
      const answer = await client.send<Data, object>(document, { input }, given);
      const [payload] = Object.values(dataOf(answer));
      return payload ?? {};
    };
    const email = freshEmail();
    const who = { sub: freshSubject(), email, email_verified: true };
    await send('Providers', {});
    const { url } = await send('BeginProviderSignIn', { provider: 'google', returnTo });
    const code = codeOf(await deliver(gateway, await provider.visit(String(url), who)));
    const { accessToken } = await send('CompleteProviderSignIn', { code });
    const token = String(accessToken);
    const link = await send('BeginProviderLink', { provider: 'company', returnTo }, token);
    const back = await other.visit(String(link.url), { sub: freshSubject() });
    const linked = await send(
      'CompleteProviderLink',
      { code: codeOf(await deliver(gateway, back)) },
      token,
    );
    expect(await send('Identities', {}, token)).toMatchObject({ identities: [{}, {}] });
    const { id } = linked.identity as { id: string };
    expect(await send('UnlinkIdentity', { id }, token)).toMatchObject({ identities: [{}] });
    const nonce = 'a nonce of an app, made up';
    const hashed = createHash('sha256').update(nonce).digest('hex');
    const idToken = await provider.idTokenFor(who, { nonce: hashed });
    await send('SignInWithIdToken', { provider: 'google', idToken, nonce });
    expect(documents.filter((document) => !sent.has(document))).toEqual([]);
  });
});
