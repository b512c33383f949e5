import { createHash, randomBytes } from 'node:crypto';
import {
  BeginProviderSignInDocument,
  CompleteProviderSignInDocument,
  ProvidersDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { addTotp, completeSignIn, step } from '../support/enrolled-person.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, freshSubject } from '../support/people.ts';
import {
  begin,
  codeOf,
  complete,
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

const minute = 60_000;

let provider: TestProvider;
let strong: TestProvider;
let gateway: TestGateway;
beforeAll(async () => {
  provider = await startTestProvider(redirectUri('normal'));
  strong = await startTestProvider(redirectUri('strong'));
  gateway = await startProviderGateway(
    [
      entryOf('normal', provider, { label: 'Normal' }),
      entryOf('strong', strong, { satisfies: 'aal2' }),
    ],
    secretsOf({ normal: provider, strong }),
  );
  for (const each of [provider, strong]) each.now = gateway.clock.now;
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await Promise.all([provider.stop(), strong.stop()]);
});

const somebody = (): Claimant => {
  return { sub: freshSubject(), email: freshEmail(), email_verified: true };
};
const browser = () => createTestClient(gateway.origin);
const count = async (table: string) =>
  Number((await gateway.query(`SELECT count(*) AS count FROM ${table}`))[0].count);

/** As an app does, which keeps no cookie. */
async function beginAsApp(client = browser()) {
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const input = { provider: 'normal', returnTo, delivery: 'BODY' as const, codeChallenge };
  const begun = await client.send(BeginProviderSignInDocument, { input });
  return { codeVerifier, url: dataOf(begun).beginProviderSignIn.url };
}

describe('somebody with an account at a provider', () => {
  it('finds the provider among the ways to sign in', async () => {
    const { signInOptions } = dataOf(await browser().send(ProvidersDocument, {}));
    expect(signInOptions.providers).toEqual([
      { name: 'normal', label: 'Normal' },
      { name: 'strong', label: 'strong' },
    ]);
  });

  it('gets an account with a proved address, a name and no password', async () => {
    const who = { ...somebody(), given_name: 'Ada', family_name: 'Lovelace' };
    const { user, accessToken } = dataOf(
      await signInAt(gateway, 'normal', provider, who),
    ).completeProviderSignIn;
    expect(user).toMatchObject({
      email: who.email,
      emailVerified: true,
      firstName: 'Ada',
      lastName: 'Lovelace',
      identities: [{ provider: 'normal', email: who.email }],
    });
    expect(claimsOf(accessToken)).toMatchObject({ sub: user.id, acr: 'aal1', amr: ['fed'] });
    const [row] = await gateway.query('SELECT password_hash FROM users WHERE id = $1', [user.id]);
    expect(row.password_hash).toBeNull();
    const events = await gateway.query('SELECT type, detail FROM audit_events WHERE user_id = $1', [
      user.id,
    ]);
    expect(events).toContainEqual({
      type: 'account.registered',
      detail: { provider: 'normal' },
    });
  });

  it('c6: is the same one the next time, by issuer and subject, whatever the address is by then', async () => {
    const who = somebody();
    const first = dataOf(await signInAt(gateway, 'normal', provider, who));
    const moved = { ...who, email: freshEmail() };
    const second = dataOf(await signInAt(gateway, 'normal', provider, moved));
    const { user } = second.completeProviderSignIn;
    expect(user.id).toBe(first.completeProviderSignIn.user.id);
    expect(user.email).toBe(who.email);
    expect(user.identities).toMatchObject([{ email: moved.email }]);
    // The same subject of another provider is somebody else.
    const other = dataOf(
      await signInAt(gateway, 'strong', strong, { ...who, email: freshEmail() }),
    );
    expect(other.completeProviderSignIn.user.id).not.toBe(user.id);
  });

  it('c6: is one account, also where ten browsers sign up at one moment', async () => {
    const who = somebody();
    const codes: string[] = [];
    const clients = Array.from({ length: 10 }, browser);
    for (const client of clients) {
      const back = await provider.visit(await begin(client, 'normal'), who);
      codes.push(codeOf(await deliver(gateway, back)));
    }
    const answers = await Promise.all(
      clients.map((client, index) => complete(client, codes[index] ?? '')),
    );
    const ids = answers.map((answer) => dataOf(answer).completeProviderSignIn.user.id);
    expect(new Set(ids).size).toBe(1);
    const rows = await gateway.query('SELECT id FROM users WHERE email = $1', [who.email]);
    expect(rows).toHaveLength(1);
  });

  it('has a session that refreshes, in a cookie with SameSite=Strict', async () => {
    const client = browser();
    dataOf(await signInAt(gateway, 'normal', provider, somebody(), client));
    expect(client.cookies.has('refreshToken')).toBe(true);
    const refreshed = await client.send('mutation { refreshToken { user { id } } }');
    expect(refreshed.errors).toEqual([]);
  });

  it('signs in without cookies where an app keeps the verifier', async () => {
    const delivery = 'BODY' as const;
    const client = browser();
    const { codeVerifier, url } = await beginAsApp(client);
    const code = codeOf(await deliver(gateway, await provider.visit(url, somebody())));
    const completed = await browser().send(CompleteProviderSignInDocument, {
      input: { code, codeVerifier, delivery },
    });
    expect(dataOf(completed).completeProviderSignIn.refreshToken).toEqual(expect.any(String));
    expect(client.cookies.size).toBe(0);
  });

  it.each([undefined, 'short', 'x'.repeat(44)])(
    'refuses an app whose challenge is %s',
    async (codeChallenge) => {
      const input = { provider: 'normal', returnTo, delivery: 'BODY' as const, codeChallenge };
      const begun = await browser().send(BeginProviderSignInDocument, { input });
      expect(refusalOf(begun)).toBe('BAD_USER_INPUT');
    },
  );

  it('is refused with the name of a provider that is not there', async () => {
    const input = { provider: 'nobody', returnTo };
    const begun = await browser().send(BeginProviderSignInDocument, { input });
    expect(refusalOf(begun)).toBe('BAD_USER_INPUT');
  });
});

describe('c1: the state', () => {
  const callback = redirectUri('normal');

  it.each([
    ['absent', `${callback}?code=abc`],
    ['empty', `${callback}?code=abc&state=`],
    ['foreign', `${callback}?code=abc&state=${'a'.repeat(43)}`],
    ['no state of ours', `${callback}?code=abc&state=${'%00'.repeat(43)}`],
    ['given twice', `${callback}?code=abc&state=${'a'.repeat(43)}&state=${'a'.repeat(43)}`],
  ])('that is %s opens nothing, and asks nobody', async (_what, address) => {
    provider.asked.length = 0;
    const answer = await deliver(gateway, address);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).toContain('begin again');
    expect(provider.asked).toEqual([]);
  });

  it('works once, also for ten at one moment', async () => {
    const back = await provider.visit(await begin(browser(), 'normal'), somebody());
    const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(gateway, back)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([303, ...Array.from({ length: 9 }, () => 403)]);
    expect((await deliver(gateway, back)).status).toBe(403);
  });

  it('is over after ten minutes', async () => {
    const back = await provider.visit(await begin(browser(), 'normal'), somebody());
    gateway.clock.advance(10 * minute);
    expect((await deliver(gateway, back)).status).toBe(403);
  });

  it('still works a moment before', async () => {
    const back = await provider.visit(await begin(browser(), 'normal'), somebody());
    gateway.clock.advance(10 * minute - 5_000);
    expect((await deliver(gateway, back)).status).toBe(303);
  });

  it('is spent by no HEAD, and by no other method', async () => {
    const back = new URL(await provider.visit(await begin(browser(), 'normal'), somebody()));
    const address = `${gateway.origin}${back.pathname}${back.search}`;
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(405);
    expect((await fetch(address, { method: 'PUT' })).status).toBe(405);
    expect((await deliver(gateway, back.href)).status).toBe(303);
  });

  it('may come in a form, as Apple sends it, without any cookie', async () => {
    const client = browser();
    const back = new URL(await provider.visit(await begin(client, 'normal'), somebody()));
    const answer = await fetch(`${gateway.origin}${back.pathname}`, {
      method: 'POST',
      body: back.searchParams,
      redirect: 'manual',
      headers: { origin: 'https://appleid.apple.com', 'sec-fetch-site': 'cross-site' },
    });
    expect(
      dataOf(await complete(client, codeOf(answer))).completeProviderSignIn.user.id,
    ).toBeTruthy();
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ['of another type', 'application/json', '{}', 415],
    ['that is too large', 'application/x-www-form-urlencoded', `state=${'a'.repeat(70_000)}`, 413],
  ])('is not read from a form %s', async (_what, type, body, status) => {
    const answer = await fetch(`${gateway.origin}/sign-in/normal/callback`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(status);
  });

  it('belongs to its provider alone', async () => {
    const back = await provider.visit(await begin(browser(), 'normal'), somebody());
    const elsewhere = back.replace('/sign-in/normal/', '/sign-in/strong/');
    strong.asked.length = 0;
    expect((await deliver(gateway, elsewhere)).status).toBe(403);
    expect(strong.asked).toEqual([]);
  });
});

describe('the code', () => {
  const codeFor = async (client = browser()) => {
    const back = await provider.visit(await begin(client, 'normal'), somebody());
    return codeOf(await deliver(gateway, back));
  };

  it('works once', async () => {
    const client = browser();
    const code = await codeFor(client);
    const answers = await Promise.all(Array.from({ length: 10 }, () => complete(client, code)));
    const refusals = answers.filter(({ errors }) => errors.length > 0).map(refusalOf);
    expect(refusals).toEqual(Array.from({ length: 9 }, () => 'FORBIDDEN/STATE_INVALID'));
  });

  it('works for a minute', async () => {
    const client = browser();
    const code = await codeFor(client);
    gateway.clock.advance(minute);
    expect(refusalOf(await complete(client, code))).toBe('FORBIDDEN/STATE_INVALID');
  });

  it('c2: of an attacker’s flow, opened in the browser of a victim, opens no session', async () => {
    const [attacker, victim] = [browser(), browser()];
    // The victim has begun something of their own.
    await begin(victim, 'normal');
    const code = await codeFor(attacker);
    const sessions = await count('sessions');
    expect(refusalOf(await complete(victim, code))).toBe('FORBIDDEN/STATE_INVALID');
    expect(victim.cookies.has('refreshToken')).toBe(false);
    // It was seen by somebody who should not have: it is gone for the attacker, too.
    expect(refusalOf(await complete(attacker, code))).toBe('FORBIDDEN/STATE_INVALID');
    expect(await count('sessions')).toBe(sessions);
  });

  it('c2: without a cookie, or with a verifier of the attacker’s, opens nothing', async () => {
    expect(refusalOf(await complete(browser(), await codeFor()))).toBe('FORBIDDEN/STATE_INVALID');
    const code = await codeFor();
    const input = { code, codeVerifier: 'a'.repeat(43), delivery: 'BODY' as const };
    const answer = await browser().send(CompleteProviderSignInDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/STATE_INVALID');
  });

  it('c2: whose challenge is the hash of nothing opens nothing in a browser without a cookie', async () => {
    const codeChallenge = createHash('sha256').update('').digest('base64url');
    const input = { provider: 'normal', returnTo, delivery: 'BODY' as const, codeChallenge };
    const begun = dataOf(await browser().send(BeginProviderSignInDocument, { input }));
    const { url } = begun.beginProviderSignIn;
    const code = codeOf(await deliver(gateway, await provider.visit(url, somebody())));
    const victim = browser();
    expect(refusalOf(await complete(victim, code))).toBe('FORBIDDEN/STATE_INVALID');
    expect(victim.cookies.has('refreshToken')).toBe(false);
  });

  it('c2: bound to a cookie can not be traded for a token that a script reads', async () => {
    const client = browser();
    const code = await codeFor(client);
    const input = { code, delivery: 'BODY' as const };
    const answer = await client.send(CompleteProviderSignInDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/STATE_INVALID');
  });

  it('c2: begun with a challenge is completed by no cookie, though its value be the verifier', async () => {
    const { codeVerifier, url } = await beginAsApp();
    const victim = browser();
    await begin(victim, 'normal');
    const [name = ''] = [...victim.cookies.keys()].filter((each) => each.includes('provider'));
    victim.cookies.set(name, codeVerifier);
    const code = codeOf(await deliver(gateway, await provider.visit(url, somebody())));
    expect(refusalOf(await complete(victim, code))).toBe('FORBIDDEN/STATE_INVALID');
    expect(victim.cookies.has('refreshToken')).toBe(false);
  });

  it('c2: begun with a challenge puts nothing into a cookie, with its verifier neither', async () => {
    const { codeVerifier, url } = await beginAsApp();
    const code = codeOf(await deliver(gateway, await provider.visit(url, somebody())));
    const victim = browser();
    const input = { code, codeVerifier, delivery: 'COOKIE' as const };
    const answer = await victim.send(CompleteProviderSignInDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/STATE_INVALID');
    expect(victim.cookies.has('refreshToken')).toBe(false);
  });

  it('c2: begun with a cookie is completed by no verifier, though it be the value of the cookie', async () => {
    const client = browser();
    const code = await codeFor(client);
    const [codeVerifier = ''] = [...client.cookies].flatMap(([name, value]) =>
      name.includes('provider') ? [value] : [],
    );
    const input = { code, codeVerifier, delivery: 'BODY' as const };
    const answer = await browser().send(CompleteProviderSignInDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/STATE_INVALID');
  });

  it('c2: of a build that did not keep how it was bound is completed as it was then', async () => {
    const client = browser();
    const code = await codeFor(client);
    await gateway.query('UPDATE provider_sign_ins SET binding_kind = NULL');
    expect((await complete(client, code)).errors).toEqual([]);
  });

  it('c2: is not taken from a page of another site', async () => {
    const client = browser();
    const code = await codeFor(client);
    const input = { code };
    const answer = await client.send(
      CompleteProviderSignInDocument,
      { input },
      { headers: { origin: 'https://evil.example' } },
    );
    expect(refusalOf(answer)).toBe('FORBIDDEN/ORIGIN_REFUSED');
  });

  it('c2: of one tab works beside what another tab of the browser has begun', async () => {
    const client = browser();
    const first = await begin(client, 'normal');
    await begin(client, 'strong');
    const code = codeOf(await deliver(gateway, await provider.visit(first, somebody())));
    expect((await complete(client, code)).errors).toEqual([]);
  });
});

describe('c12: a second factor', () => {
  it('is asked for after the provider, and says so in amr', async () => {
    const who = somebody();
    const client = browser();
    const { accessToken } = dataOf(
      await signInAt(gateway, 'normal', provider, who, client),
    ).completeProviderSignIn;
    const { secret } = await addTotp(gateway, { client, accessToken });
    gateway.clock.advance(step);
    const again = browser();
    const asked = await signInAt(gateway, 'normal', provider, who, again);
    expect(refusalOf(asked)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    expect(again.cookies.has('refreshToken')).toBe(false);
    const totpCode = codeAt(secret, gateway.clock.now());
    const completed = dataOf(await completeSignIn(again, { totpCode, delivery: 'COOKIE' }));
    expect(claimsOf(completed.completeSignIn.accessToken)).toMatchObject({
      acr: 'aal2',
      amr: ['fed', 'otp', 'mfa'],
    });
  });

  it('is not asked for where the provider satisfies it and its token says so, and else it is', async () => {
    const who = somebody();
    const client = browser();
    const { accessToken } = dataOf(
      await signInAt(gateway, 'strong', strong, who, client),
    ).completeProviderSignIn;
    await addTotp(gateway, { client, accessToken });
    const asked = await signInAt(gateway, 'strong', strong, who);
    expect(refusalOf(asked)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    strong.deviation = { idToken: (claims) => ({ ...claims, amr: ['pwd', 'mfa'] }) };
    const opened = dataOf(await signInAt(gateway, 'strong', strong, who)).completeProviderSignIn;
    strong.deviation = {};
    expect(claimsOf(opened.accessToken)).toMatchObject({ acr: 'aal2', amr: ['fed', 'mfa'] });
  });

  it('does not count where a provider that satisfies nothing says so', async () => {
    const who = somebody();
    const client = browser();
    const { accessToken } = dataOf(
      await signInAt(gateway, 'normal', provider, who, client),
    ).completeProviderSignIn;
    await addTotp(gateway, { client, accessToken });
    provider.deviation = { idToken: (claims) => ({ ...claims, amr: ['mfa'] }) };
    const asked = await signInAt(gateway, 'normal', provider, who);
    provider.deviation = {};
    expect(refusalOf(asked)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
  });
});

describe('c14: what a provider gives', () => {
  it('is kept nowhere: no token, no code, no state and no nonce', async () => {
    const before = new Set(await rows());
    const written = async () => (await rows()).filter((row) => !before.has(row)).join('\n');
    const client = browser();
    const url = new URL(await begin(client, 'normal'));
    const tokens: string[] = [];
    provider.deviation = {
      idToken: (claims) => {
        tokens.push(String(claims.sub));
        return claims;
      },
    };
    const back = new URL(await provider.visit(url.href, somebody()));
    const during = await written();
    const code = codeOf(await deliver(gateway, back.href));
    const between = await written();
    provider.deviation = {};
    dataOf(await complete(client, code));
    const after = await written();
    const secrets = [
      url.searchParams.get('state'),
      url.searchParams.get('nonce'),
      back.searchParams.get('code'),
      provider.lastTokenRequest().get('code_verifier'),
      code,
    ].map(String);
    expect(secrets.every((secret) => secret.length > 20)).toBe(true);
    for (const text of [during, between, after, gateway.lines.join('')]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect(tokens).toHaveLength(1);
    expect(after).toContain(tokens[0]);
    // On its way not even who it is can be read.
    expect(between).not.toContain(tokens[0]);
    expect(after).not.toMatch(/access_token|id_token|refresh_token":/);
  });

  it('goes with what was begun and never completed', async () => {
    await begin(browser(), 'normal');
    gateway.clock.advance(11 * minute);
    for (let round = 0; round < 3; round += 1) await begin(browser(), 'normal');
    const [{ count: old }] = await gateway.query(
      'SELECT count(*) AS count FROM provider_sign_ins WHERE expires_at <= $1',
      [gateway.clock.now()],
    );
    expect(Number(old)).toBe(0);
  });

  /** All rows of what a sign-in may write to. */
  async function rows(): Promise<readonly string[]> {
    const tables = [
      'provider_sign_ins',
      'identities',
      'users',
      'sessions',
      'audit_events',
      'mail_outbox',
    ];
    const all = await Promise.all(tables.map((table) => gateway.query(`SELECT * FROM ${table}`)));
    return all.flat().map((row) => JSON.stringify(row));
  }
});
