import { Redis } from 'ioredis';
import { LoginDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import {
  createTestClient,
  dataOf,
  refusalOf,
  type TestAnswer,
  type TestClient,
} from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Counts in the database (or in memory, where that is embedded), and in Redis where there is one. */
const redisUrl = process.env.REDIS_URL;
const stores: readonly (readonly [name: string, env: Readonly<Record<string, string>>])[] = [
  ['the default store', {}],
  ...(redisUrl === undefined ? [] : [['Redis', { REDIS_URL: redisUrl }] as const]),
];

async function forgetCounts({ query }: TestGateway): Promise<void> {
  await query('DELETE FROM throttles');
  if (redisUrl === undefined) return;
  const redis = new Redis(redisUrl);
  const keys = await redis.keys('*-a*:*');
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

/**
 * Five at once and the sixth, after which the wait begins; a slow machine sees the end of the first
 * four waits, of 1, 2, 4 and 8 seconds.
 */
const mostCompared = 10;
const wrong = 'not the password';

function guess(
  client: TestClient,
  identifier: string,
  headers: Readonly<Record<string, string>> = {},
  password = wrong,
) {
  const input = { identifier, password };
  return client.send(LoginDocument, { input }, { headers });
}

function isThrottled(answer: TestAnswer<unknown>): boolean {
  return refusalOf(answer) === 'RATE_LIMITED';
}

describe.each(stores)('guessing, counted in %s (ASVS 5.0 6.3.1)', (_name, env) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(env);
  });
  afterEach(() => forgetCounts(gateway));
  afterAll(() => gateway.stop());

  const person = async () => {
    const device = createTestClient(gateway.origin);
    const email = freshEmail();
    await device.send(RegisterDocument, { input: { email, password: goodPassword } });
    return { device, email };
  };
  const stranger = () => createTestClient(gateway.origin);
  /** Guesses until the next one has to wait longer than even a busy machine takes to ask. */
  const exhaust = (email: string) =>
    waitUntil(async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => guess(stranger(), email)));
      return answers.some(({ errors }) => Number(errors[0]?.extensions.retryAfterSeconds) >= 4);
    });

  it.each([
    ['exists', async () => (await person()).email],
    ['does not exist', async () => freshEmail('nobody')],
  ])('is slowed down alike for an account that %s', async (_what, makeEmail) => {
    const email = await makeEmail();
    const refusals: string[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const answer = await guess(stranger(), email);
      refusals.push(refusalOf(answer));
      if (!isThrottled(answer)) continue;
      const [error] = answer.errors;
      expect(answer.status).toBe(429);
      expect(error?.extensions.retryable).toBe(true);
      expect(error?.extensions.retryAfterSeconds).toBeGreaterThanOrEqual(1);
      expect(answer.headers.get('retry-after')).toBe(String(error?.extensions.retryAfterSeconds));
    }
    expect(refusals.slice(0, 6)).toEqual(Array(6).fill('UNAUTHENTICATED/INVALID_CREDENTIALS'));
    expect(refusals.slice(6)).toContain('RATE_LIMITED');
  });

  it('does not get through 40 at a time', async () => {
    const { email } = await person();
    const answers = await Promise.all(Array.from({ length: 40 }, () => guess(stranger(), email)));
    const compared = answers.filter((answer) => !isThrottled(answer));
    expect(compared.length).toBeLessThanOrEqual(mostCompared);
  });

  it('does not start anew under another spelling of the address', async () => {
    const { email } = await person();
    const spellings = [email, email.toUpperCase(), email.replace('example', 'EXAMPLE')];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => guess(stranger(), spellings[at % 3] ?? email)),
    );
    expect(answers.filter((answer) => !isThrottled(answer)).length).toBeLessThanOrEqual(
      mostCompared,
    );
  });

  it('does not start anew under the username', async () => {
    const email = freshEmail();
    const username = `u${Date.now()}`;
    const input = { email, username, password: goodPassword };
    await stranger().send(RegisterDocument, { input });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => guess(stranger(), at % 2 ? email : username)),
    );
    expect(answers.filter((answer) => !isThrottled(answer)).length).toBeLessThanOrEqual(
      mostCompared,
    );
  });

  it('keeps a stranger waiting even with the right password, and the owner on a known device not', async () => {
    const { device, email } = await person();
    await exhaust(email);

    expect(isThrottled(await guess(stranger(), email, {}, goodPassword))).toBe(true);
    dataOf(await guess(device, email, {}, goodPassword));
  });

  it('gains nothing from a device of another account, or a made-up one', async () => {
    const { email } = await person();
    const { device } = await person();
    const forged = createTestClient(gateway.origin);
    forged.cookies.set('gatehouse-device', `ghd_${'A'.repeat(88)}`);
    await exhaust(email);

    expect(isThrottled(await guess(device, email, {}, goodPassword))).toBe(true);
    expect(isThrottled(await guess(forged, email, {}, goodPassword))).toBe(true);
  });

  it('from a known device is limited too', async () => {
    const { device, email } = await person();
    const answers = await Promise.all(Array.from({ length: 40 }, () => guess(device, email)));
    expect(answers.filter((answer) => !isThrottled(answer)).length).toBeLessThanOrEqual(
      mostCompared,
    );
  });

  it('is forgotten after a success', async () => {
    const { device, email } = await person();
    for (let round = 0; round < 4; round += 1) {
      for (let attempt = 0; attempt < 4; attempt += 1) {
        expect(isThrottled(await guess(device, email))).toBe(false);
      }
      dataOf(await guess(device, email, {}, goodPassword));
    }
  });
});

describe('guessing from one address', () => {
  const limit = 300;
  const spoofs = (at: number) => {
    const ip = `203.0.113.${at % 250}`;
    return {
      'x-forwarded-for': ip,
      'x-real-ip': ip,
      forwarded: `for=${ip}`,
      'cf-connecting-ip': ip,
      'true-client-ip': ip,
      'x-client-ip': ip,
    };
  };
  const guessMany = async (
    gateway: TestGateway,
    headersOf: (at: number) => Record<string, string>,
  ) => {
    const client = createTestClient(gateway.origin);
    for (let at = 0; at < limit; at += 10) {
      await Promise.all(
        Array.from({ length: 10 }, (_, more) =>
          guess(client, freshEmail('nobody'), headersOf(at + more)),
        ),
      );
    }
    return client;
  };

  it('is limited whatever the client says of its address, except on a known device', async () => {
    const gateway = await startTestGateway();
    const device = createTestClient(gateway.origin);
    const email = freshEmail();
    await device.send(RegisterDocument, { input: { email, password: goodPassword } });

    const client = await guessMany(gateway, spoofs);
    const refused = await guess(client, freshEmail('nobody'), {
      'x-forwarded-for': '198.51.100.7',
    });
    const owner = await guess(device, email, {}, goodPassword);
    await forgetCounts(gateway);
    await gateway.stop();
    dataOf(owner);
    expect(isThrottled(refused)).toBe(true);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(600);
  });

  it('is limited by the /64 that a trusted proxy names, and by nothing to the left of it', async () => {
    const gateway = await startTestGateway({ TRUST_PROXY: '127.0.0.1,::1' });
    const from = (ip: string) => ({ 'x-forwarded-for': ip });
    const client = await guessMany(gateway, (at) =>
      from(`198.51.100.${at % 250}, 2001:db8:0:7::${(at + 1).toString(16)}`),
    );
    const answers = {
      same: await guess(client, freshEmail(), from('2001:db8:0:7:ffff::1')),
      behindAnother: await guess(client, freshEmail(), from('192.0.2.1, 2001:db8:0:7::1')),
      next: await guess(client, freshEmail(), from('2001:db8:0:8::1')),
      left: await guess(client, freshEmail(), from('198.51.100.1')),
    };
    await forgetCounts(gateway);
    await gateway.stop();
    expect(isThrottled(answers.same)).toBe(true);
    expect(isThrottled(answers.behindAnother)).toBe(true);
    expect(isThrottled(answers.next)).toBe(false);
    expect(isThrottled(answers.left)).toBe(false);
  });
});
