import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BeginProviderLinkDocument,
  BeginProviderSignInDocument,
  CompleteProviderLinkDocument,
  CompleteProviderSignInDocument,
} from '../generated/graphql.ts';
import { createTestClient, dataOf, type TestAnswer, type TestClient } from './test-client.ts';
import type { TestClock } from './test-clock.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import type { Claimant, TestProvider } from './test-provider.ts';

export const publicUrl = 'https://auth.example.com';
export const app = 'https://app.example.com';
export const returnTo = `${app}/signed-in`;

export const redirectUri = (name: string) => `${publicUrl}/sign-in/${name}/callback`;

/** The time of the day, which providers have as well, and what a test adds to it. */
export function createRunningClock(): TestClock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance(milliseconds) {
      ahead += milliseconds;
    },
  };
}

type Start<Gateway> = (env: Readonly<Record<string, string>>, clock: TestClock) => Promise<Gateway>;

/** A gateway with these entries of `providers` in its settings file. */
export function startProviderGateway(
  providers: readonly object[],
  env: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  return startWithProviders(startTestGateway, providers, env);
}

/** The same of another kind of gateway. */
export async function startWithProviders<Gateway>(
  start: Start<Gateway>,
  providers: readonly object[],
  env: Readonly<Record<string, string>> = {},
): Promise<Gateway> {
  const { file, remove } = writeProviders(providers);
  const settings = { PUBLIC_URL: publicUrl, CORS_ORIGINS: app, GATEHOUSE_CONFIG: file };
  try {
    return await start({ ...settings, ...env }, createRunningClock());
  } finally {
    remove();
  }
}

export interface ProviderSettings {
  readonly file: string;
  readonly remove: () => void;
}

/** A settings file with these entries of `providers`. */
export function writeProviders(providers: readonly object[]): ProviderSettings {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-providers-'));
  const file = join(folder, 'gatehouse.json');
  writeFileSync(file, JSON.stringify({ providers }));
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** An entry for a provider of the tests; its secret stands in the variable that `secretsOf` names. */
export function entryOf(name: string, provider: TestProvider, more: object = {}): object {
  const { issuer, clientId } = provider;
  const clientSecret = `env:SECRET_OF_${name.toUpperCase()}`;
  return { name, issuer, clientId, clientSecret, trustsEmails: true, ...more };
}

export function secretsOf(providers: Readonly<Record<string, TestProvider>>) {
  return Object.fromEntries(
    Object.entries(providers).map(([name, { clientSecret }]) => [
      `SECRET_OF_${name.toUpperCase()}`,
      clientSecret,
    ]),
  );
}

/** The answer of a provider, as it comes to the redirect address. */
export function deliver(gateway: Pick<TestGateway, 'origin'>, address: string): Promise<Response> {
  const { pathname, search } = new URL(address);
  return fetch(`${gateway.origin}${pathname}${search}`, { redirect: 'manual' });
}

/** The code in the fragment of the page that a browser is sent to. */
export function codeOf(answer: Response): string {
  const location = answer.headers.get('location') ?? '';
  const [, code] = /^https:\/\/app\.example\.com\/signed-in#code=([\w-]{43})$/.exec(location) ?? [];
  if (answer.status !== 303 || code === undefined) {
    throw new Error(`unexpected: ${answer.status} ${location}`);
  }
  return code;
}

export async function begin(client: TestClient, provider: string): Promise<string> {
  const input = { provider, returnTo };
  return dataOf(await client.send(BeginProviderSignInDocument, { input })).beginProviderSignIn.url;
}

export function complete(client: TestClient, code: string) {
  return client.send(CompleteProviderSignInDocument, { input: { code } });
}

/** The whole way of a browser: begin, sign in there, come back, complete. */
export async function signInAt(
  gateway: Pick<TestGateway, 'origin'>,
  name: string,
  provider: TestProvider,
  who: Claimant,
  client = createTestClient(gateway.origin),
) {
  const back = await provider.visit(await begin(client, name), who);
  return complete(client, codeOf(await deliver(gateway, back)));
}

/** The same to link it to the account of an access token. */
export async function linkAt(
  gateway: Pick<TestGateway, 'origin'>,
  name: string,
  provider: TestProvider,
  who: Claimant,
  person: { readonly client: TestClient; readonly accessToken: string },
): Promise<TestAnswer<unknown>> {
  const { client, accessToken } = person;
  const begun = await client.send(
    BeginProviderLinkDocument,
    { input: { provider: name, returnTo } },
    { accessToken },
  );
  if (begun.errors.length > 0) return begun;
  const back = await provider.visit(dataOf(begun).beginProviderLink.url, who);
  const code = codeOf(await deliver(gateway, back));
  return client.send(CompleteProviderLinkDocument, { input: { code } }, { accessToken });
}
