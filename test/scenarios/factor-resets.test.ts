import { ResetSecondFactorDocument } from '../generated/administration/graphql.ts';
import {
  ConfirmEmailChangeDocument,
  RequestEmailChangeDocument,
  UndoEmailChangeDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { addTotp, signUp } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Whoever takes all factors of an account away, it is counted where factors are. */
describe('factors that go at once are counted', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ METRICS_PORT: '0' });
  });
  afterAll(() => gateway.stop());

  const resets = async () => {
    const text = await (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
    const line = /^gatehouse_factor_changes_total\{change="reset"\} (\d+)$/m.exec(text);
    return Number(line?.[1] ?? 0);
  };
  const tokenTo = async (email: string, subject: RegExp) =>
    (await gateway.mail.mailAbout(email, subject)).token ?? '';
  const stranger = () => createTestClient(gateway.origin);
  const counted = async (work: () => Promise<unknown>) => {
    const before = await resets();
    await work();
    await waitUntil(async () => (await resets()) === before + 1);
  };

  it('where a change of address is undone', async () => {
    const person = await signUp(gateway);
    const { client, email } = person;
    const proof = { token: await tokenTo(email, /Confirm your e-mail/) };
    dataOf(await client.send(VerifyEmailDocument, { input: proof }));
    const newEmail = freshEmail('lovelace');
    const input = { newEmail, currentPassword: goodPassword };
    dataOf(await client.send(RequestEmailChangeDocument, { input }, person));
    const link = { token: await tokenTo(newEmail, /Confirm your new/) };
    dataOf(await client.send(ConfirmEmailChangeDocument, { input: link }, person));
    await addTotp(gateway, person);
    const undo = { token: await tokenTo(email, /was changed/) };
    await counted(async () =>
      dataOf(await stranger().send(UndoEmailChangeDocument, { input: undo })),
    );
  });

  it('where somebody else is the first to prove the address', async () => {
    const person = await signUp(gateway);
    await addTotp(gateway, person);
    const input = { token: await tokenTo(person.email, /Confirm your e-mail/) };
    await counted(async () => dataOf(await stranger().send(VerifyEmailDocument, { input })));
  });

  it('where an administrator does it, once', async () => {
    const administrator = await registerAdministrator(gateway);
    const person = await signUp(gateway);
    await addTotp(gateway, person);
    const input = { userId: person.id, reason: 'a lost phone' };
    await counted(async () =>
      dataOf(await administrator.ask(ResetSecondFactorDocument, { input })),
    );
    expect(dataOf(await administrator.ask(ResetSecondFactorDocument, { input }))).toMatchObject({
      resetSecondFactor: { changed: false },
    });
  });
});
