import {
  ExportUserDataDocument,
  ForcePasswordResetDocument,
  GrantRoleDocument,
  ImpersonateDocument,
  ResetSecondFactorDocument,
  UserAuthenticatorsDocument,
} from '../generated/administration/graphql.ts';
import { ExportMyDataDocument, StepUpDocument } from '../generated/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { addTotp, beginSignIn, enrol, signUp, step } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

let gateway: MailGateway;
beforeAll(async () => {
  gateway = await startMailGateway();
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const reason = 'a test';
const stranger = () => createTestClient(gateway.origin);

describe('an administrator', () => {
  it('sees what an account is opened with, and nothing that opens it', async () => {
    const admin = await registerAdministrator(gateway);
    const person = await enrol(gateway);
    const answer = await admin.ask(UserAuthenticatorsDocument, { id: person.id });
    expect(dataOf(answer).user?.authenticators).toMatchObject({ recoveryCodesLeft: 10 });
    expect(answer.text).not.toContain(person.secret);
  });

  it('resets a second factor: the trail says why, its owner gets a mail, the password is enough', async () => {
    const admin = await registerAdministrator(gateway);
    const person = await enrol(gateway);
    const reset = () =>
      admin.ask(ResetSecondFactorDocument, { input: { userId: person.id, reason } });
    expect(dataOf(await reset()).resetSecondFactor.changed).toBe(true);
    expect(dataOf(await reset()).resetSecondFactor.changed).toBe(false);
    await gateway.mail.mailAbout(person.email, /was reset/);
    const [event] = await gateway.query(
      "SELECT actor_id, detail FROM audit_events WHERE user_id = $1 AND type = 'second_factor.reset'",
      [person.id],
    );
    expect(event).toMatchObject({ actor_id: admin.id, detail: { reason, removed: 1 } });
    const { answer } = await beginSignIn(stranger(), person.email);
    expect(answer.errors).toEqual([]);
  });

  it('does not reset their own', async () => {
    const admin = await registerAdministrator(gateway);
    const input = { userId: admin.id, reason };
    expect(refusalOf(await admin.ask(ResetSecondFactorDocument, { input }))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
  });

  describe('a24 who has a second factor', () => {
    const mutations = (userId: string) => ({
      grantRole: [GrantRoleDocument, { input: { userId, role: 'admin', reason } }],
      impersonate: [ImpersonateDocument, { input: { userId, reason } }],
      forcePasswordReset: [ForcePasswordResetDocument, { input: { userId, reason } }],
      exportUserData: [ExportUserDataDocument, { input: { userId, reason } }],
      resetSecondFactor: [ResetSecondFactorDocument, { input: { userId, reason } }],
    });
    const askAll = async (accessToken: string) => {
      const person = await signUp(gateway);
      const client = createTestClient(gateway.origin, '/admin/graphql');
      const answers: Record<string, string> = {};
      for (const [name, [document, variables]] of Object.entries(mutations(person.id))) {
        const answer = await client.send(document as never, variables as never, { accessToken });
        answers[name] = answer.errors.length === 0 ? 'done' : refusalOf(answer);
        expect(answer.errors[0]?.extensions.stepUp ?? { acr: 'aal2', maxAge: 900 }).toMatchObject({
          acr: 'aal2',
          maxAge: 900,
        });
      }
      return answers;
    };
    const all = (answer: string) =>
      Object.fromEntries(Object.keys(mutations('')).map((name) => [name, answer]));

    it('is asked for it, unless it was shown in the last 15 minutes', async () => {
      const admin = await registerAdministrator(gateway);
      const client = stranger();
      const { secret } = await addTotp(gateway, { client, accessToken: admin.accessToken });
      const required = all('UNAUTHENTICATED/STEP_UP_REQUIRED');
      expect(await askAll(admin.accessToken)).toEqual(required);

      gateway.clock.advance(step);
      const totpCode = codeAt(secret, gateway.clock.now());
      const stepped = await client.send(StepUpDocument, { input: { totpCode } }, admin);
      const { accessToken } = dataOf(stepped).stepUp;
      gateway.clock.advance(840_000);
      const done = await askAll(accessToken);
      // Nothing was there to be reset, and the last role makes the person one who is not impersonated.
      expect(done).toMatchObject({
        grantRole: 'done',
        forcePasswordReset: 'done',
        resetSecondFactor: 'done',
      });
    });

    it('is not asked while there is none', async () => {
      const admin = await registerAdministrator(gateway);
      const done = await askAll(admin.accessToken);
      expect(Object.values(done)).not.toContain('UNAUTHENTICATED/STEP_UP_REQUIRED');
    });
  });
});

it('a10 gives people their factors in the export, and no secret', async () => {
  const person = await enrol(gateway);
  const answer = await person.client.send(ExportMyDataDocument, {}, person);
  expect(dataOf(answer).exportMyData.data).toMatchObject({
    authenticators: [{ kind: 'totp' }],
    recoveryCodesLeft: 10,
  });
  const [row] = await gateway.query('SELECT sealed_secret FROM totp_factors WHERE user_id = $1', [
    person.id,
  ]);
  for (const secret of [person.secret, row.sealed_secret, ...person.recoveryCodes]) {
    expect(answer.text).not.toContain(secret);
  }
});
