import { loadWebAuthn } from '../../src/factors/load-webauthn.ts';
import {
  BeginPasskeySetupDocument,
  CompletePasskeySetupDocument,
  LoginDocument,
  MeDocument,
  RegisterDocument,
  type RegisterMutation,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { signUp } from '../support/enrolled-person.ts';
import { arrive, refreshWith, type TestGuest } from '../support/guests.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestAuthenticator } from '../support/test-authenticator.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { postgresUrl } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

/** The embedded database has one connection: what races there is the process alone. */
const rounds = postgresUrl === undefined ? 5 : 20;
const atOnce = 8;

/** Attack, and accident: the token of a guest that is used for two things at one moment, at two processes. */
describe('h1 what races with the upgrade of a guest', () => {
  const clock = createTestClock();
  const gateways: TestGateway[] = [];
  beforeAll(async () => {
    await loadWebAuthn();
    for (let count = postgresUrl === undefined ? 1 : 2; count > 0; count -= 1) {
      gateways.push(await startTestGateway({ GUESTS: 'on' }, clock));
    }
  });
  afterEach(() => first().query('DELETE FROM throttles'));
  afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

  const first = () => gateways[0] as TestGateway;
  const at = (index: number) => gateways[index % gateways.length] as TestGateway;
  const register = (guest: TestGuest, index: number, email = freshEmail()) => {
    const input = { email, password: goodPassword, delivery: 'BODY' as const };
    return createTestClient(at(index).origin).send(RegisterDocument, { input }, guest);
  };

  it(`is another one: of ${atOnce} one makes the account, ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const guest = await arrive(first());
      const answers = await Promise.all(times((index) => register(guest, index)));
      const made = answers.filter(({ errors }) => errors.length === 0);
      expect(made).toHaveLength(1);
      const refused = answers.filter(({ errors }) => errors.length > 0);
      expect(new Set(refused.map(refusalOf))).toEqual(new Set(['UNAUTHENTICATED/TOKEN_EXPIRED']));
      const [{ user, refreshToken }] = made.map((answer) => dataOf(answer).register) as [
        RegisterMutation['register'],
      ];
      expect(user.id).toBe(guest.id);
      const next = dataOf(await refreshWith(first(), refreshToken ?? '')).refreshToken;
      expect(next.user).toMatchObject({ id: guest.id, email: user.email });
      const held = 'SELECT value FROM identifiers WHERE user_id = $1';
      expect(await first().query(held, [guest.id])).toEqual([{ value: user.email }]);
    }
  });

  it(`is a passkey: the account has what won, ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const guest = await arrive(first());
      const begun = dataOf(await guest.client.send(BeginPasskeySetupDocument, {}, guest));
      const { ceremony, options } = begun.beginPasskeySetup;
      const { response } = createTestAuthenticator(new URL('http://localhost:4000').origin).create(
        options,
      );
      const input = { ceremony, response };
      const [passkey, registered] = await Promise.all([
        guest.client.send(CompletePasskeySetupDocument, { input }, guest),
        register(guest, 1),
      ]);
      expect([passkey, registered].filter(({ errors }) => errors.length === 0)).toHaveLength(1);
      const [has] = await first().query(
        `SELECT password_hash IS NOT NULL AS password, is_guest,
                (SELECT count(*)::integer FROM passkeys p WHERE p.user_id = u.id) AS passkeys
         FROM users u WHERE id = $1`,
        [guest.id],
      );
      const isByPasskey = passkey.errors.length === 0;
      expect(has).toEqual({
        is_guest: false,
        password: !isByPasskey,
        passkeys: isByPasskey ? 1 : 0,
      });
    }
  });

  it(`is a refresh: nobody is signed out, and no token says guest any more, ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const guest = await arrive(first());
      const [registered, ...refreshed] = await Promise.all([
        register(guest, round),
        ...times((index) => refreshWith(at(index), guest.refreshToken)),
      ]);
      const { register: made } = dataOf(registered);
      for (const answer of refreshed) {
        if (answer.errors.length > 0) {
          expect(refusalOf(answer)).toBe('CONFLICT/REFRESH_TOKEN_SUPERSEDED');
          continue;
        }
        const { accessToken } = dataOf(answer).refreshToken;
        if (claimsOf(accessToken).roles.includes('guest')) {
          // The other process hears of it a moment later.
          await waitUntil(async () => {
            const client = createTestClient(first().origin);
            const { errors } = await client.send(MeDocument, {}, { accessToken });
            return errors[0]?.extensions.reason === 'TOKEN_EXPIRED';
          });
        }
      }
      const next = dataOf(await refreshWith(first(), made.refreshToken ?? '')).refreshToken;
      expect(next.user).toMatchObject({ id: guest.id, roles: ['user'] });
    }
  });

  it(`is a sign-in elsewhere: the guest is an account, or superseded, ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const person = await signUp(first());
      const guest = await arrive(first());
      const input = { identifier: person.email, password: goodPassword };
      const [registered, loggedIn] = await Promise.all([
        register(guest, 0),
        createTestClient(at(1).origin).send(LoginDocument, { input }, guest),
      ]);
      const { supersededGuestId } = dataOf(loggedIn).login;
      const isUpgraded = registered.errors.length === 0;
      expect(supersededGuestId).toBe(isUpgraded ? null : guest.id);
      if (!isUpgraded) expect(refusalOf(registered)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    }
  });
});

function times<Result>(make: (index: number) => Result): readonly Result[] {
  return Array.from({ length: atOnce }, (_, index) => make(index));
}
