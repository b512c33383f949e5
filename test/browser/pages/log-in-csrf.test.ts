import { codeIn, otherCode } from '../../support/mail-sign-in.ts';
import { leaveFor, lure } from '../../support/other-site.ts';
import { untilLoaded, userOf, type Visitor } from '../../support/page-visitor.ts';
import { freshEmail } from '../../support/people.ts';
import {
  agree,
  begin,
  claimant,
  isIn,
  signOut,
  useProviderPages,
} from '../../support/provider-pages.ts';

const patience = 120_000;
const pages = useProviderPages();
const { enter, hasSession, linkIn } = pages;
const refusal = 'This took too long. Please begin again.';

/** Begins in this browser. @returns where it was to go; it stays where it is, now and later */
async function beginAndStay({ page, context }: Visitor, button?: string): Promise<string> {
  const { issuer } = pages.provider();
  await context.route(`${issuer}/**`, (route) => route.fulfill({ status: 204 }));
  const asked = page.waitForRequest((request) => request.url().startsWith(issuer));
  await begin(page, button);
  return (await asked).url();
}

/** With a program of their own an attacker is somebody at the provider. @returns where its answer goes */
async function answerFor(address: string, who = claimant()): Promise<string> {
  const { deviation } = pages.provider();
  pages.provider().deviation = {};
  const answer = await pages.provider().visit(address, who);
  pages.provider().deviation = deviation;
  return answer;
}

describe('c2: an attacker who begins a sign-in at a provider, and has a victim’s browser end it', () => {
  it.each(['get', 'post'] as const)(
    'by %s, with an answer of their own, signs no stranger in',
    async (how) => {
      const [attacker, victim] = [await pages.visit(), await pages.visit()];
      await attacker.goto('/account/sign-in');
      const answer = await answerFor(await beginAndStay(attacker));
      // The victim has begun something of their own, so that their browser has what binds it.
      await victim.goto('/account/sign-in');
      await begin(victim.page);
      await victim.page.getByRole('button', { name: 'Agree' }).waitFor();
      await leaveFor(await lure(victim), answer, how);
      await victim.page.getByText(refusal).waitFor();
      expect(victim.page.url()).toBe(`${pages.origin()}/account/sign-in`);
      expect(await hasSession(victim)).toBe(false);
      expect(await hasSession(attacker)).toBe(false);
    },
    patience,
  );

  it(
    'leaves somebody who is signed in who they are, and links nothing to them',
    async () => {
      const [attacker, victim] = [await pages.visit(), await pages.visit()];
      const email = await enter(victim);
      await enter(attacker);
      const { page } = victim;
      const unlink = page.getByRole('button', { name: 'Unlink Company' });
      const signIn = await pages.visit();
      await signIn.goto('/account/sign-in');
      await leaveFor(await lure(victim), await answerFor(await beginAndStay(signIn)), 'get');
      await isIn(victim);
      await page.getByRole('link', { name: 'Security' }).click();
      await page.getByRole('button', { name: 'Link Company' }).waitFor();
      await untilLoaded(page);
      expect(await page.getByText(refusal).count()).toBe(0);
      expect(await unlink.count()).toBe(0);

      await attacker.goto('/account/security');
      const answer = await answerFor(await beginAndStay(attacker, 'Link Company'));
      await leaveFor(await lure(victim), answer, 'get');
      await page.getByText(refusal).waitFor();
      await page.getByRole('button', { name: 'Link Company' }).waitFor();
      await untilLoaded(page);
      expect(await unlink.count()).toBe(0);
      expect((await userOf(victim)).email).toBe(email);
    },
    patience,
  );

  it(
    'at the provider as who the victim is there, is not signed in as the victim',
    async () => {
      const [attacker, victim] = [await pages.visit(), await pages.visit()];
      await attacker.goto('/account/sign-in');
      const address = await beginAndStay(attacker);
      const codes: string[] = [];
      victim.page.on('framenavigated', (frame) => {
        const [, code] = /#code=(.*)/.exec(frame.url()) ?? [];
        if (code) codes.push(code);
      });
      pages.provider().welcome(claimant());
      await leaveFor(await lure(victim), address, 'get');
      await agree(victim.page);
      await victim.page.getByText(refusal).waitFor();
      expect(await hasSession(victim)).toBe(false);
      expect(codes).toHaveLength(1);
      // Whoever has looked over their shoulder comes too late.
      await attacker.goto('about:blank');
      await attacker.goto(`/account/sign-in#code=${codes[0]}`);
      await attacker.page.getByText(refusal).waitFor();
      expect(await hasSession(attacker)).toBe(false);
    },
    patience,
  );

  it(
    'links the victim’s account at the provider to none of theirs',
    async () => {
      const [attacker, victim] = [await pages.visit(), await pages.visit()];
      await enter(attacker);
      const email = await enter(victim);
      await attacker.goto('/account/security');
      const address = await beginAndStay(attacker, 'Link Company');
      pages.provider().welcome(claimant(email));
      await leaveFor(await lure(victim), address, 'get');
      await agree(victim.page);
      await victim.page.getByText(refusal).waitFor();
      await attacker.page.reload();
      for (const { page } of [victim, attacker]) {
        await page.getByRole('button', { name: 'Link Company' }).waitFor();
        await untilLoaded(page);
        expect(await page.getByRole('button', { name: 'Unlink Company' }).count()).toBe(0);
      }
      // Nor does it open one.
      await signOut(victim.page);
      await begin(victim.page);
      await agree(victim.page);
      await victim.page.getByText('There is an account with this e-mail address.').waitFor();
      expect(await hasSession(victim)).toBe(false);
    },
    patience,
  );
});

describe('a page of another site', () => {
  it(
    'begins nothing in the browser of its visitor, by script or form, and leaves no cookie there',
    async () => {
      const victim = await pages.visit();
      const page = await lure(victim);
      const url = `${pages.origin()}/graphql`;
      const email = freshEmail('mallory');
      const returnTo = `${pages.origin()}/account/sign-in`;
      const begun = [
        `beginProviderSignIn(input: { provider: "company", returnTo: "${returnTo}" }) { url }`,
        `requestSignInEmail(input: { email: "${email}" }) { requestId }`,
        `signInAsGuest(input: {}) { user { id } }`,
        `register(input: { email: "${email}", password: "correct horse battery staple" }) { user { id } }`,
      ].map((field) => `mutation { ${field} }`);
      const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded'];
      const read = await page.evaluate(
        async ([target, queries, contentTypes]) => {
          const outcomes: string[] = [];
          for (const query of queries) {
            const get = `${target}?query=${encodeURIComponent(query)}`;
            const requests = [
              new Request(get, { mode: 'no-cors', credentials: 'include' }),
              ...contentTypes.flatMap((type) =>
                (['cors', 'no-cors'] as const).map((mode) => {
                  const body = JSON.stringify({ query });
                  const headers = { 'content-type': type };
                  return new Request(target, {
                    method: 'POST',
                    mode,
                    credentials: 'include',
                    headers,
                    body,
                  });
                }),
              ),
            ];
            for (const request of requests) {
              const outcome = await fetch(request).then(
                ({ type }) => type,
                () => 'refused',
              );
              outcomes.push(outcome);
            }
          }
          return [...new Set(outcomes)].sort();
        },
        [url, begun, types] as const,
      );
      expect(read).toEqual(['refused']);
      // A form goes there as a page, to which browsers let cookies be given.
      for (const query of begun) {
        await lure(victim);
        await page.evaluate(
          ([target, text]) => {
            const form = Object.assign(document.createElement('form'), {
              method: 'post',
              action: target,
              enctype: 'text/plain',
            });
            const name = `${JSON.stringify({ query: text }).slice(0, -1)},"operationName":null,"extensions":{"x":"`;
            form.append(Object.assign(document.createElement('input'), { name, value: '"}}' }));
            document.body.append(form);
            form.submit();
          },
          [url, query] as const,
        );
        await page.waitForURL(url);
        expect(await page.textContent('body')).not.toContain('"data"');
      }
      expect(await victim.context.cookies(pages.origin())).toEqual([]);
    },
    patience,
  );
});

describe('b2: an attacker who asks for a mail to sign in with', () => {
  const ask = async ({ page, goto }: Visitor, email: string) => {
    await goto('/account/sign-in');
    await page.getByRole('button', { name: 'Send me a code by e-mail' }).click();
    await page.getByLabel('E-mail address', { exact: true }).fill(email);
    await page.getByRole('button', { name: 'Send me a code', exact: true }).click();
    await page.getByText(`on its way to ${email}`).waitFor();
  };
  const click = ({ page }: Visitor) =>
    page.getByRole('button', { name: 'Sign in', exact: true }).click();

  it(
    'at their own address signs nobody in who is brought to its link',
    async () => {
      const [attacker, victim] = [await pages.visit(), await pages.visit()];
      const [mallory, email] = [freshEmail('mallory'), freshEmail()];
      await ask(attacker, mallory);
      // The victim’s browser has what binds another one.
      await ask(victim, email);
      const link = await linkIn(mallory, /^Sign in/);
      const page = await lure(victim);
      await page.evaluate((address) => location.assign(address), link);
      await click(victim);
      await page.getByText('asked for in another browser').waitFor();
      expect(await hasSession(victim)).toBe(false);
      // Their own is as good as it was.
      await victim.goto(await linkIn(email, /^Sign in/));
      await click(victim);
      await isIn(victim);
      expect((await userOf(victim)).email).toBe(email);
      // And then it changes nothing of who they are.
      await (await lure(victim)).evaluate((address) => location.assign(address), link);
      await click(victim);
      await page.getByText('asked for in another browser').waitFor();
      expect((await userOf(victim)).email).toBe(email);
      expect(await hasSession(attacker)).toBe(false);
    },
    patience,
  );

  it(
    'at the address of a victim is not signed in when the victim opens it, clicks and types the code',
    async () => {
      const [attacker, victim] = [await pages.visit(), await pages.visit()];
      const email = freshEmail();
      await ask(attacker, email);
      await victim.goto(await linkIn(email, /^Sign in/));
      await click(victim);
      await victim.page.getByText('asked for in another browser').waitFor();
      expect(await hasSession(victim)).toBe(false);
      const code = codeIn(await pages.mail().mailAbout(email, /^Sign in/));
      const typed = attacker.page.getByLabel('Code out of the mail');
      await typed.fill(otherCode(code));
      await attacker.page.keyboard.press('Enter');
      await attacker.page.getByText('The code is wrong.').waitFor();
      await victim.page.getByLabel('Code out of the mail').fill(code);
      await victim.page.keyboard.press('Enter');
      await isIn(victim);
      expect((await userOf(victim)).email).toBe(email);
      await attacker.goto('/account');
      await attacker.page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await hasSession(attacker)).toBe(false);
    },
    patience,
  );
});
