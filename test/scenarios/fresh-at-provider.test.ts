import type { JWTPayload } from 'jose';
import {
  BeginProviderLinkDocument,
  BeginProviderSignInDocument,
  CompleteProviderSignInDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { addTotp, completeSignIn, step } from '../support/enrolled-person.ts';
import { arrive } from '../support/guests.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  begin,
  codeOf,
  deliver,
  entryOf,
  redirectUri,
  returnTo,
  secretsOf,
  signInAt,
  startProviderGateway,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { type Claimant, startTestProvider, type TestProvider } from '../support/test-provider.ts';

const day = 86_400;

let provider: TestProvider;
let gateway: TestGateway;
beforeAll(async () => {
  provider = await startTestProvider(redirectUri('normal'));
  gateway = await startProviderGateway([entryOf('normal', provider, { satisfies: 'aal2' })], {
    ...secretsOf({ normal: provider }),
    GUESTS: 'on',
  });
});
afterEach(async () => {
  provider.deviation = {};
  await gateway.query('DELETE FROM throttles');
});
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const somebody = (): Claimant => {
  return { sub: freshSubject(), email: freshEmail(), email_verified: true };
};
const browser = () => createTestClient(gateway.origin);
const seconds = () => Math.floor(gateway.clock.now().getTime() / 1_000);
/** What the provider says of when its sign-in was. */
const said = (authTime: unknown, more: JWTPayload = {}) => {
  provider.deviation = { idToken: (claims) => ({ ...claims, auth_time: authTime, ...more }) };
};
const signIn = async (who = somebody(), client = browser()) =>
  dataOf(await signInAt(gateway, 'normal', provider, who, client)).completeProviderSignIn;
/** What needs something that was shown in the last five minutes. */
const beginLink = (accessToken: string) =>
  browser().send(
    BeginProviderLinkDocument,
    { input: { provider: 'normal', returnTo } },
    { accessToken },
  );

describe('a sign-in at a provider', () => {
  it('is as old as the provider says, which does not pass for something fresh', async () => {
    const shown = seconds() - day;
    said(shown);
    const { accessToken } = await signIn();
    expect(claimsOf(accessToken)).toMatchObject({ auth_time: shown, acr: 'aal1', amr: ['fed'] });
    const refused = await beginLink(accessToken);
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    expect(refused.errors[0]?.extensions.stepUp?.maxAge).toBe(300);
  });

  it('is fresh where it was shown there just now', async () => {
    const shown = seconds() - 60;
    said(shown);
    const { accessToken } = await signIn();
    expect(claimsOf(accessToken).auth_time).toBe(shown);
    dataOf(await beginLink(accessToken));
  });

  it('is no younger than it is here, whatever the provider says', async () => {
    said(seconds() + day);
    const { accessToken } = await signIn();
    expect(claimsOf(accessToken).auth_time).toBeLessThanOrEqual(seconds());
  });

  it('counts as never shown where the provider does not say when it was', async () => {
    said(undefined);
    const { accessToken } = await signIn();
    expect(claimsOf(accessToken).auth_time).toBe(0);
    expect(refusalOf(await beginLink(accessToken))).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
  });

  it.each([null, 'yesterday', '9999999999', -1, {}])(
    'passes for nothing fresh where the provider says %j of it',
    async (authTime) => {
      said(authTime);
      const { data } = await signInAt(gateway, 'normal', provider, somebody());
      const answer = await beginLink(data?.completeProviderSignIn.accessToken ?? '');
      expect(refusalOf(answer)).toMatch(/^UNAUTHENTICATED\/(STEP_UP_REQUIRED|TOKEN_MISSING)$/);
    },
  );

  it('whose two factors are of yesterday shows two, and nothing fresh', async () => {
    said(seconds() - day, { amr: ['mfa'] });
    const { accessToken } = await signIn();
    expect(claimsOf(accessToken).acr).toBe('aal2');
    expect(refusalOf(await beginLink(accessToken))).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
  });

  it('that is completed by a second factor is fresh by that', async () => {
    const who = somebody();
    const client = browser();
    const { accessToken: first } = await signIn(who, client);
    const { secret } = await addTotp(gateway, { client, accessToken: first });
    said(undefined);
    const pending = await signInAt(gateway, 'normal', provider, who, client);
    expect(refusalOf(pending)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    gateway.clock.advance(step);
    const totpCode = codeAt(secret, gateway.clock.now());
    const completed = await completeSignIn(client, { totpCode, delivery: 'COOKIE' });
    const { accessToken } = dataOf(completed).completeSignIn;
    dataOf(await beginLink(accessToken));
  });

  it('makes no guest fresh who becomes an account by it', async () => {
    const shown = seconds() - day;
    said(shown);
    const guest = await arrive(gateway, 'COOKIE');
    const back = await provider.visit(await begin(guest.client, 'normal'), somebody());
    const code = codeOf(await deliver(gateway, back));
    const upgraded = dataOf(
      await guest.client.send(CompleteProviderSignInDocument, { input: { code } }, guest),
    ).completeProviderSignIn;
    expect(upgraded.user.id).toBe(guest.id);
    expect(claimsOf(upgraded.accessToken).auth_time).toBe(shown);
  });
});

describe('maxAge', () => {
  const beginWith = (maxAge?: number) =>
    browser().send(BeginProviderSignInDocument, {
      input: { provider: 'normal', returnTo, maxAge },
    });

  it('asks the provider, which has the person show it again', async () => {
    const { url } = dataOf(await beginWith(300)).beginProviderSignIn;
    expect(new URL(url).searchParams.get('max_age')).toBe('300');
  });

  it('is not asked for where nobody wants it', async () => {
    const { url } = dataOf(await beginWith()).beginProviderSignIn;
    expect(new URL(url).searchParams.has('max_age')).toBe(false);
  });

  it.each([-1, 366 * day])('is refused with %s', async (maxAge) => {
    expect(refusalOf(await beginWith(maxAge))).toBe('BAD_USER_INPUT');
  });
});
