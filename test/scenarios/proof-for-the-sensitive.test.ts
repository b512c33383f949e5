import {
  ChangePasswordDocument,
  DeleteAccountDocument,
  ExportMyDataDocument,
  MyAccountDocument,
  SessionsDocument,
  UpdateProfileDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const newPassword = 'another horse, other staples';

describe('with REQUIRE_VERIFIED_EMAIL=sensitive', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ REQUIRE_VERIFIED_EMAIL: 'sensitive' });
  });
  afterAll(() => gateway.stop());

  const rename = ({ accessToken }: Resident, origin = gateway.origin) =>
    createTestClient(origin).send(
      UpdateProfileDocument,
      { input: { firstName: 'Ada' } },
      { accessToken },
    );
  const ask = ({ accessToken }: Resident, origin = gateway.origin) =>
    createTestClient(origin).send(ExportMyDataDocument, {}, { accessToken });

  it('a profile is changed and data is given only after the proof, and at once after it', async () => {
    const ada = await gateway.settle();
    for (const answer of [await rename(ada), await ask(ada)]) {
      expect(refusalOf(answer)).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
    }
    const me = async () => dataOf(await ada.client.send(MyAccountDocument, {}, ada)).me;
    expect(await me()).toMatchObject({ firstName: null, emailVerified: false });
    expect(
      await gateway.query(
        `SELECT FROM audit_events
         WHERE user_id = $1 AND type IN ('profile.updated', 'personal_data.exported')`,
        [ada.session.user.id],
      ),
    ).toEqual([]);

    const { token = '' } = await gateway.mail.mailAbout(ada.email, /Confirm/);
    dataOf(await ada.client.send(VerifyEmailDocument, { input: { token } }));
    dataOf(await rename(ada));
    expect(await me()).toMatchObject({ firstName: 'Ada', emailVerified: true });
    dataOf(await ask(ada));
  });

  it('everything else goes on without it: signing in, devices, the password, leaving', async () => {
    const ada = await gateway.settle();
    dataOf(await ada.client.send(SessionsDocument, {}, ada));
    const change = { currentPassword: goodPassword, newPassword };
    dataOf(await ada.client.send(ChangePasswordDocument, { input: change }, ada));
    const input = { currentPassword: newPassword };
    dataOf(await ada.client.send(DeleteAccountDocument, { input }, ada));
  });

  it('is a part of `login`, for sessions that were opened before it was asked for', async () => {
    const ada = await gateway.settle();
    const stricter = await startTestGateway({ REQUIRE_VERIFIED_EMAIL: 'login' }, gateway.clock);
    const answers = [await rename(ada, stricter.origin), await ask(ada, stricter.origin)];
    await stricter.stop();
    expect(answers.map(refusalOf)).toEqual(Array(2).fill('FORBIDDEN/EMAIL_NOT_VERIFIED'));
  });

  it('is not asked for otherwise', async () => {
    const ada = await gateway.settle();
    const laxer = await startTestGateway({}, gateway.clock);
    const answers = [await rename(ada, laxer.origin), await ask(ada, laxer.origin)];
    await laxer.stop();
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
