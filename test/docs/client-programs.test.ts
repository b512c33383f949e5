import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { buildFolder } from '../support/build.ts';
import { clientPages, clientSnippets } from '../support/client-snippets.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const run = promisify(execFile);
const secret = randomBytes(32).toString('base64url');

/** For all: a session without cookies, what browsers have and Node 20 lacks, and somebody to be. */
const common = `
  import assert from 'node:assert/strict';
  import { randomUUID } from 'node:crypto';
  import { createElement } from 'react';
  import { renderToString } from 'react-dom/server';
  import WebSocket from 'ws';
  import { SessionProvider } from 'graphql-gatehouse-client/react';
  import { session } from './session.js';
  globalThis.WebSocket ??= WebSocket;
  globalThis.navigator ??= { language: 'en' };
  const email = \`ada-\${randomUUID()}@example.com\`;
  const password = 'correct horse battery staple';
  const url = process.env.GATEWAY + '/graphql';
`;

/** What each page's code has to do when it is run, by the name of the page; passkeys need a browser. */
const programs: Readonly<Record<string, string>> = {
  'README.md': `
    await import('./README-1.js');
    const { signUp, signIn, signOut } = await import('./README-2.js');
    await signUp(email, password);
    assert.equal(session.state.user.email, email);
    await signOut();
    assert.equal(await signIn(email, 'wrong'), 'The name or the password is wrong.');
    assert.equal(await signIn(email, password), null);
    const { App } = await import('./README-3.js');
    assert.equal(renderToString(createElement(App)), '');
  `,
  'apollo.md': `
    const { Providers } = await import('./apollo-1.js');
    const { useApolloClient } = await import('@apollo/client/react');
    const { gql } = await import('@apollo/client');
    let client;
    const Page = () => { client = useApolloClient(); return 'page'; };
    assert.equal(renderToString(createElement(Providers, null, createElement(Page))), 'page');
    await session.register({ email, password });
    const { data } = await client.query({ query: gql('{ me { email } }') });
    assert.equal(data.me.email, email);
  `,
  'urql.md': `
    const { useClient } = await import('./urql-1.js');
    let client;
    const Page = () => { client = useClient(); return 'page'; };
    const page = createElement(SessionProvider, { session }, createElement(Page));
    assert.equal(renderToString(page), 'page');
    await session.register({ email, password });
    const { data } = await client.query('{ me { email } }', {});
    assert.equal(data.me.email, email);
  `,
  'other-clients.md': `
    await session.register({ email, password });
    const { me } = await import('./other-clients-1.js');
    assert.equal(me.email, email);
    const { orders } = await import('./other-clients-2.js');
    assert.equal(orders.status, 404);
    const { headers } = await import('./other-clients-3.js');
    assert.match((await headers()).authorization, /^Bearer ey/);
    const first = await import('./other-clients-4.js');
    await first.session.register({ email: 'bob-' + email, password });
    const { readFileSync, statSync } = await import('node:fs');
    assert.match(readFileSync('.session', 'utf8'), /^gtr_/);
    assert.equal(statSync('.session').mode & 0o777, 0o600);
    const restarted = await import('./other-clients-4.js?again');
    await restarted.session.ready;
    assert.equal(restarted.session.state.user.email, 'bob-' + email);
    await restarted.session.logout();
    assert.throws(() => statSync('.session'));
  `,
  'react-native.md': `
    const native = await import('./react-native-1.js');
    await native.session.register({ email, password });
    const { listeners } = await import('react-native');
    listeners[0]('active');
    assert.equal((await native.session.request('{ me { email } }')).me.email, email);
    const { kept } = await import('expo-secure-store');
    assert.match(kept.get('gatehouse-session'), /^gtr_/);
  `,
  'factors.md': `
    await import('./factors-1.js');
    assert.equal((await import('./factors-2.js')).isButtonShown, false);
    const { addApp, startAgain } = await import('./factors-3.js');
    const { stepUpGate } = await import('./factors-4.js');
    const { URI } = await import('otpauth');
    await session.register({ email, password });
    const timestamp = Number(process.env.NOW);
    const recoveryCodes = await addApp((address) => URI.parse(address).generate({ timestamp }));
    assert.equal(recoveryCodes.length, 10);
    assert.equal((await startAgain()).length, 10);
    const { me } = await stepUpGate.pass(() => session.request('{ me { email } }'));
    assert.equal(me.email, email);
  `,
  'email-sign-in.md': `
    const { byMail } = await import('./email-sign-in-1.js');
    const { byLink } = await import('./email-sign-in-2.js');
    const newestTo = async (recipient) => {
      for (;;) {
        const page = await (await fetch(process.env.GATEWAY + '/dev/mailbox')).text();
        const newest = page.split('<h2')[1] ?? '';
        const code = /^(\\d{6})$/m.exec(newest)?.[1];
        const token = /#token=([\\w.-]+)/.exec(newest)?.[1];
        if (newest.includes(recipient) && code && token) return { code, token };
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const user = await byMail(email, async () => (await newestTo(email)).code);
    assert.equal(user.email, email);
    await session.logout();
    const other = 'bob-' + email;
    const asked = byMail(other, () => new Promise(() => {}));
    const { code, token } = await newestTo(other);
    assert.equal((await byLink(token, async () => code)).email, other);
  `,
  'guests.md': `
    const { whoever, needsAccount } = await import('./guests-1.js');
    const { signIn } = await import('./guests-2.js');
    const id = await whoever();
    assert.equal(needsAccount(), true);
    await session.register({ email, password });
    assert.equal(await whoever(), id);
    assert.equal(needsAccount(), false);
    await session.logout();
    const guest = await whoever();
    assert.equal(await signIn(email, password), guest);
    assert.equal(session.state.user.id, id);
  `,
  'servers.md': `
    const { render } = await import('./servers-1.js');
    globalThis.page = (state, answer) => JSON.stringify({ state, answer });
    const query = 'mutation($input:RegisterInput!){register(input:$input){user{id}}}';
    const registered = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input: { email, password } } }),
    });
    const cookie = registered.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const answer = await render(new Request('http://localhost/', { headers: { cookie } }));
    const { state, answer: { data } } = await answer.json();
    assert.equal(state.user.email, email);
    assert.equal(data.me.email, email);
    const { Root } = await import('./servers-2.js');
    assert.equal(renderToString(createElement(Root, { initial: state }, 'page')), 'page');
  `,
  'subscriptions.md': `
    await session.register({ email, password });
    const { socket } = await import('./socket.js');
    const { link } = await import('./subscriptions-2.js');
    const { subscriptions } = await import('./subscriptions-3.js');
    const { ApolloClient, gql, InMemoryCache } = await import('@apollo/client');
    const { Client } = await import('@urql/core');
    const { pipe, subscribe } = await import('wonka');
    const query = 'subscription { sessionEvents { kind } }';
    const isConnected = new Promise((resolve) => socket.on('connected', resolve));
    const told = [
      new Promise((resolve, reject) => {
        socket.subscribe({ query }, { next: resolve, error: reject, complete() {} });
      }),
      new Promise((resolve, reject) => {
        const client = new ApolloClient({ cache: new InMemoryCache(), link });
        client.subscribe({ query: gql(query) }).subscribe({ next: resolve, error: reject });
      }),
      new Promise((resolve) => {
        const client = new Client({ url, exchanges: [subscriptions] });
        pipe(client.subscription(query, {}), subscribe(resolve));
      }),
    ];
    await isConnected;
    const { createSession } = await import('graphql-gatehouse-client');
    const storage = { get: () => null, set() {}, remove() {} };
    const elsewhere = createSession({ url, delivery: 'body', storage });
    await elsewhere.login({ identifier: email, password });
    await elsewhere.logout();
    for (const { data } of await Promise.all(told)) {
      assert.equal(data.sessionEvents.kind, 'REVOKED');
    }
    await socket.dispose();
  `,
};

describe('the code of the pages on clients, run in Node against a gateway', () => {
  let gateway: TestGateway;
  let folder: string;
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const writePackage = (name: string, code: string) => {
    mkdirSync(join(folder, 'node_modules', name));
    write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ type: 'module', main: 'index.js' }),
    );
    write(`node_modules/${name}/index.js`, code);
  };

  beforeAll(async () => {
    gateway = await startTestGateway({
      GUESTS: 'on',
      TOKEN_EXCHANGE_SECRET: secret,
      EMAIL_SIGN_IN: 'link',
    });
    // Inside of the project, whose packages are found from there.
    folder = mkdtempSync(join(buildFolder, 'docs-clients-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(
      resolve(buildFolder, 'npm/graphql-gatehouse-client'),
      join(folder, 'node_modules/graphql-gatehouse-client'),
    );
    write('package.json', JSON.stringify({ type: 'module' }));
    write(
      'session.js',
      `import { createSession } from 'graphql-gatehouse-client';
      let kept;
      const storage = { get: () => kept, set(value) { kept = value; }, remove() { kept = null; } };
      const url = process.env.GATEWAY + '/graphql';
      export const session = createSession({ url, delivery: 'body', storage });`,
    );
    write('socket.js', `export * from './subscriptions-1.js';`);
    writePackage(
      'react-native',
      `export const listeners = [];
      export const AppState = { addEventListener: (_, listener) => listeners.push(listener) };`,
    );
    writePackage(
      'expo-secure-store',
      `export const kept = new Map();
      export const getItemAsync = async (key) => kept.get(key) ?? null;
      export const setItemAsync = async (key, value) => void kept.set(key, value);
      export const deleteItemAsync = async (key) => void kept.delete(key);`,
    );
    for (const { name, ending, code } of clientSnippets) {
      const loader = ending === 'tsx' ? 'tsx' : 'ts';
      const { code: script } = await transform(atGateway(code), { loader, jsx: 'automatic' });
      write(`${name}.js`, script);
    }
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(clientPages)('does what %s says', async (page) => {
    const program = programs[page];
    if (program === undefined) throw new Error(`nothing says what the code of ${page} does`);
    write('program.js', `${common}${program}\nprocess.exit();`);
    await run(process.execPath, ['program.js'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        GATEWAY: gateway.origin,
        TOKEN_EXCHANGE_SECRET: secret,
        NOW: `${gateway.clock.now().getTime()}`,
      },
      timeout: 60_000,
    });
  });

  /** The code, with the gateway of this test in place of the examples' hosts. */
  function atGateway(code: string): string {
    return code
      .replace(/https:\/\/(auth|api)\.example\.com|http:\/\/127\.0\.0\.1:4000/g, gateway.origin)
      .replaceAll('wss://auth.example.com', gateway.origin.replace('http', 'ws'));
  }
});
