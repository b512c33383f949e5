import { BeginProviderLinkDocument, BeginProviderSignInDocument } from '../generated/graphql.ts';
import { signUp } from '../support/enrolled-person.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  app,
  deliver,
  entryOf,
  publicUrl,
  redirectUri,
  secretsOf,
  startProviderGateway,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { startTestProvider, type TestProvider } from '../support/test-provider.ts';

let provider: TestProvider;
let gateway: TestGateway;
beforeAll(async () => {
  provider = await startTestProvider(redirectUri('normal'));
  gateway = await startProviderGateway(
    [entryOf('normal', provider)],
    secretsOf({ normal: provider }),
  );
});
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const begin = (returnTo: string) =>
  createTestClient(gateway.origin).send(BeginProviderSignInDocument, {
    input: { provider: 'normal', returnTo },
  });

describe('c10: the page to return to', () => {
  it.each([
    `${app}/signed-in`,
    app,
    `${app}/`,
    `${app}/a/path?next=%2Faccount&q=a%20b`,
    `${publicUrl}/account/sign-in`,
    `${app}/?next=https://evil.example/`,
  ])('may be %s', async (returnTo) => {
    const { url } = dataOf(await begin(returnTo)).beginProviderSignIn;
    const who = { sub: freshSubject(), email: freshEmail(), email_verified: true };
    const answer = await deliver(gateway, await provider.visit(url, who));
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.hash).toMatch(/^#code=[\w-]{43}$/);
    expect(location.href.replace(location.hash, '')).toBe(new URL(returnTo).href);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.text()).toBe('');
  });

  const hostile = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\app.example.com\\signed-in',
    'https://app.example.com@evil.example/',
    'https://app.example.com:pass@evil.example/',
    'https://user@app.example.com/',
    'https://evil.example/app.example.com',
    'https://evil.example#https://app.example.com',
    'https://evil.example?https://app.example.com/',
    'https://app.example.com.evil.example/',
    'https://evilapp.example.com/',
    'https://app.example.com%2eevil.example/',
    'https://app.example.com%00.evil.example/',
    'https://app.example.com:8443/',
    'https://app.example.com:443/',
    'http://app.example.com/',
    'HTTPS://app.example.com/',
    'https://APP.example.com/',
    'https://app.example.com./',
    'https://app。example。com/',
    'javascript:alert(1)',
    'javascript://app.example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://app.example.com/uuid',
    'file:///etc/passwd',
    'app.example.com/signed-in',
    '/signed-in',
    '',
    ' https://app.example.com/',
    'https://app.example.com/ ',
    'https://app.example.com/\r\nset-cookie: a=b',
    'https://app.example.com/\tx',
    'https://app.example.com/../\\evil.example',
    'https://app.example.com/#',
    'https://app.example.com/#code=mine',
    'null',
    `https://app.example.com/${'a'.repeat(2_049 - 'https://app.example.com/'.length)}`,
  ];
  it('is one of forty that are refused at the mutation', () => {
    expect(hostile).toHaveLength(40);
    expect(hostile.at(-1)).toHaveLength(2_049);
  });

  it.each(hostile)('may not be %j', async (returnTo) => {
    const refused = await begin(returnTo);
    expect(refusalOf(refused)).toBe('BAD_USER_INPUT');
    expect(refused.errors[0]?.extensions.fields).toEqual([
      expect.objectContaining({ path: 'returnTo', rule: 'RETURN_TO' }),
    ]);
    expect(refused.text).not.toContain('evil');
  });

  it('may have 2,048 characters', async () => {
    const base = `${app}/`;
    expect((await begin(`${base}${'a'.repeat(2_048 - base.length)}`)).errors).toEqual([]);
  });

  it('is held to the same where somebody links', async () => {
    const { client, accessToken, id } = await signUp(gateway);
    await gateway.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [id]);
    const input = { provider: 'normal', returnTo: 'https://evil.example/' };
    const refused = await client.send(BeginProviderLinkDocument, { input }, { accessToken });
    expect(refusalOf(refused)).toBe('BAD_USER_INPUT');
  });
});
