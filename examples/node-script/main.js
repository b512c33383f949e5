import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { createSession } from 'graphql-gatehouse-client';
import { webSocketOptions } from 'graphql-gatehouse-client/ws';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const gateway = `http://localhost:${process.env.PORT ?? 4000}`;
const file = '.session';
const email = `ada-${Date.now()}@example.com`;
const password = 'correct horse battery staple';

/** Whoever reads the file is signed in: it belongs to its owner alone. */
const inFile = {
  async get() {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (Object(error).code === 'ENOENT') return null;
      throw error;
    }
  },
  /** @param {string} value */
  async set(value) {
    await writeFile(`${file}.new`, value, { mode: 0o600 });
    await rename(`${file}.new`, file);
  },
  remove: () => rm(file, { force: true }),
};
const inMemory = { get: () => null, set() {}, remove() {} };

/** @param {typeof inFile | typeof inMemory} storage */
const open = (storage) => createSession({ url: `${gateway}/graphql`, delivery: 'body', storage });

// npm start has just started the gateway.
const isReady = () =>
  fetch(`${gateway}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
while (!(await isReady())) await setTimeout(200);

const first = open(inFile);
tell('Signed up', (await first.register({ email, password })).email);
first.close();

// Another start of the program: the file has it signed in.
const session = open(inFile);
tell('Me', await session.request('{ me { email roles } }'));
tell('My sessions', await session.request('{ sessions { nodes { system current } } }'));

const socket = createClient({
  url: `${gateway}/graphql`.replace('http', 'ws'),
  webSocketImpl: WebSocket,
  ...webSocketOptions(session),
});
const isConnected = new Promise((resolve) => socket.on('connected', resolve));
const events = socket.iterate({ query: 'subscription { sessionEvents { kind current } }' });
const event = events.next();
await isConnected;
const elsewhere = open(inMemory);
tell('Signed in elsewhere', (await elsewhere.login({ identifier: email, password })).email);
await elsewhere.logout();
tell('What happened', (await event).value.data);
await socket.dispose();

await session.logout();
tell('Signed out', session.state.status);
tell('In the file', await inFile.get());

/**
 * @param {string} what
 * @param {unknown} value
 */
function tell(what, value) {
  process.stdout.write(`${what}: ${JSON.stringify(value)}\n`);
}
