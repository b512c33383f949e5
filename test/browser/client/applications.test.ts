import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { GrantRoleDocument } from '../../generated/administration/graphql.ts';
import { LoginDocument, LogoutDocument, RevokeSessionDocument } from '../../generated/graphql.ts';
import { registerAdministrator } from '../../support/administrators.ts';
import { useClientBrowser } from '../../support/client-browser.ts';
import { freshEmail, goodPassword } from '../../support/people.ts';
import { inShort } from '../../support/short-form.ts';
import { createTestClient, dataOf } from '../../support/test-client.ts';
import { waitUntil } from '../../support/wait-until.ts';

const json = { 'content-type': 'application/json' };
/** A device of another kind than Chromium. */
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('pages of applications', () => {
  const { proxy, gateway, context } = useClientBrowser(['apollo', 'urql']);

  describe.each(inShort(['apollo'], ['apollo', 'urql']))('with %s', (name) => {
    it('show who is signed in and what happens, past the end of the token and on a new socket', async () => {
      const { page, email } = await signedIn();
      await signInElsewhere(email);
      await shows(page, 'NEW_DEVICE');
      await waitUntil(() => hearsOnOneSocket(page, email));

      const before = proxy().socketCount();
      expect(proxy().cutSockets()).toBeGreaterThan(0);
      await waitUntil(async () => proxy().socketCount() > before);
      await hearsAgain(page, email);
    });

    it('show nobody when the session is revoked, and ask for no other socket', async () => {
      const { page, email } = await signedIn();
      const { revokeOther } = await signInElsewhere(email);
      await shows(page, 'NEW_DEVICE');
      await revokeOther(await sessionIdOf(page));
      await shows(page, 'Nobody');
      const count = proxy().socketCount();
      await sleep(1_500);
      expect(proxy().socketCount()).toBe(count);
      expect(await kept(page)).not.toContain(email);
    });

    it('hear what happens when the same person signs in anew', async () => {
      const { page, email } = await signedIn();
      const before = await sessionIdOf(page);
      await hearsAgain(page, email);
      await call(page, 'login', email);
      expect(await sessionIdOf(page)).not.toBe(before);
      await hearsAgain(page, email);
    });

    it('that were loaded while the gateway was away show when it is back what they asked', async () => {
      const { page, email } = await signedIn();
      proxy().intercept(async () => 'broken');
      await page.reload();
      await call(page, 'watch');
      const shown = async () => (await call(page, 'shown')) as readonly string[];
      await waitUntil(async () => (await shown()).at(-1) === 'NETWORK');
      proxy().intercept();
      await waitUntil(async () => (await shown()).at(-1) === email);
      await shows(page, email);
    });

    it('follow roles that change', async () => {
      const { page, email } = await signedIn();
      const userId = (await call(page, 'userId')) as string;
      const { ask } = await registerAdministrator(gateway());
      dataOf(await ask(GrantRoleDocument, { input: { userId, role: 'admin', reason: 'A test' } }));
      await waitUntil(async () => `${await call(page, 'roles')}` === 'admin,user');
      expect(await call(page, 'ask')).toBe(email);
      await hearsAgain(page, email);
    });

    it('refresh once for ten queries that meet the end of the token', async () => {
      const { page, email } = await signedIn();
      await call(page, 'hide', true);
      await call(page, 'shift', 3_600_000);
      proxy().count('RefreshToken');
      expect(await call(page, 'askOften', 10)).toEqual(Array.from({ length: 10 }, () => email));
      expect(proxy().count('RefreshToken')).toBe(1);
    });

    it.each([
      // As the gateway answers a query without a rule: with HTTP 200, and data that no cache may keep.
      ['ask', 'Ask', undefined, { status: 200, data: { me: null } }],
      ['rename', 'Rename', 'Grace', { status: 401 }],
    ] as const)(
      'send once more what was refused for its token: %s',
      async (command, sent, name, refusal) => {
        const { page, email } = await signedIn();
        const { status, ...body } = refusal;
        const extensions = { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' };
        const errors = [{ message: 'Ended.', path: ['me'], extensions }];
        let isRefused = false;
        proxy().intercept(async (operation) => {
          if (operation.name !== sent || isRefused) return operation.forward();
          isRefused = true;
          return { status, headers: json, body: JSON.stringify({ ...body, errors }) };
        });
        proxy().count(sent);
        expect(await call(page, command, name)).toBe(name ?? email);
        expect(proxy().count(sent)).toBe(2);
      },
    );

    it('keep nothing of whoever signs out, in none of three tabs', async () => {
      const { page, email } = await signedIn();
      const pages = [page, await open(), await open()];
      for (const one of pages) await shows(one, email);
      await call(page, 'logout');
      for (const one of pages) {
        await shows(one, 'Nobody');
        expect(await kept(one)).not.toContain(email);
      }
    });

    it('show another user, nothing of the former one, and no answer that was meant for them', async () => {
      const { page, email } = await signedIn();
      const other = await open();
      await shows(other, email);
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      proxy().intercept(async ({ name, forward }) => {
        const answer = await forward();
        if (name === 'Ask') await held;
        return answer;
      });
      proxy().count('Ask');
      const former = call(other, 'failureOfAsking');
      await waitUntil(async () => proxy().count('Ask') === 1);
      const next = freshEmail('bob');
      await call(page, 'register', next);
      expect(await former).toBe('SESSION_CHANGED');
      release();
      for (const one of [page, other]) {
        await shows(one, next);
        expect(await kept(one)).not.toContain(email);
        expect(await call(one, 'ask')).toBe(next);
      }
    });

    async function open(): Promise<Page> {
      const page = await context().newPage();
      await page.goto(`${proxy().origin}/${name}`);
      return page;
    }

    async function signedIn() {
      const page = await open();
      const email = freshEmail();
      await call(page, 'register', email);
      await shows(page, email);
      return { page, email };
    }
  });

  /**
   * Whether what happens past the end of the token comes on the socket of before. On a busy machine the
   * renewal may be late for once: the gateway closes the socket then, as it should.
   */
  async function hearsOnOneSocket(page: Page, email: string): Promise<boolean> {
    const elsewhere = await signInElsewhere(email);
    const sockets = proxy().socketCount();
    const before = await revocationsIn(page);
    await sleep(4_000);
    await elsewhere.signOut();
    const end = performance.now() + 3_000;
    while ((await revocationsIn(page)) === before && performance.now() < end) await sleep(20);
    return (await revocationsIn(page)) > before && proxy().socketCount() === sockets;
  }

  /** Nothing is repeated for a socket that was not there: it may take more than one event. */
  async function hearsAgain(page: Page, email: string): Promise<void> {
    const before = await revocationsIn(page);
    await waitUntil(async () => {
      await (await signInElsewhere(email)).signOut();
      return (await revocationsIn(page)) > before;
    });
  }

  async function signInElsewhere(email: string) {
    const client = createTestClient(gateway().origin);
    const input = { identifier: email, password: goodPassword };
    const headers = { 'user-agent': firefox };
    const { accessToken } = dataOf(await client.send(LoginDocument, { input }, { headers })).login;
    return {
      signOut: async () => void dataOf(await client.send(LogoutDocument, {})),
      revokeOther: async (id: string) =>
        void dataOf(
          await client.send(RevokeSessionDocument, { input: { sessionId: id } }, { accessToken }),
        ),
    };
  }
});

function call(page: Page, name: string, ...args: readonly unknown[]): Promise<unknown> {
  return page.evaluate(`application.${name}(...${JSON.stringify(args)})`);
}

function textOf(page: Page): Promise<string> {
  return page.locator('#root').innerText();
}

async function revocationsIn(page: Page): Promise<number> {
  return (await textOf(page)).split('REVOKED').length;
}

async function shows(page: Page, text: string): Promise<void> {
  await waitUntil(async () => (await textOf(page)).includes(text));
}

async function kept(page: Page): Promise<string> {
  return (await call(page, 'kept')) as string;
}

async function sessionIdOf(page: Page): Promise<string> {
  return (await call(page, 'sessionId')) as string;
}
