import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { transformSync } from 'esbuild';
import { sessionLink } from '../../src/client/apollo.ts';
import { createSession, type Session } from '../../src/client/index.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const readme = readFileSync('README.md', 'utf8');
const ada = { email: 'ada@example.com', roles: expect.any(Array) };

describe("README's first minute", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const here = (text: string) => text.replaceAll('http://localhost:4000', gateway.origin);
  const paste = async (...commands: readonly string[]) => {
    const shell = ['-c', here(commands.join('\n'))];
    return JSON.parse((await promisify(execFile)('/bin/sh', shell)).stdout);
  };

  it('ends at me by copy and paste alone, and so does the front end', async () => {
    const blocks = [...readme.matchAll(/^```sh\n(TOKEN=.*?)^```/gms)];
    const [register = '', login = ''] = blocks.map(([, block]) => block);
    expect(await paste(register)).toEqual({ data: { me: ada } });
    const ask = register.slice(register.lastIndexOf('\ncurl'));
    expect(await paste(login, ask)).toEqual({ data: { me: ada } });
    const { states, data } = await runFrontEnd();
    expect(states.at(-1)).toEqual(['signed-in', ada.email]);
    expect(data).toMatchObject({ me: { email: ada.email } });
  });

  /** The sample as it stands, with Apollo Client. */
  async function runFrontEnd() {
    const [, sample = ''] = /^```ts\n(import \{ ApolloClient.*?)^```/ms.exec(readme) ?? [];
    expect(sample.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    const body = here(sample)
      .replace(/^import .*$/gm, '')
      .replace(/^export /gm, '');
    const source = `(async () => {${body}\nreturn { session, client, data }; })()`;
    const states: unknown[][] = [];
    const given = {
      ...{ ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, createSession, sessionLink },
      console: { log: (...words: unknown[]) => states.push(words) },
    };
    const { code } = transformSync(source, { loader: 'ts' });
    const run = new Function(...Object.keys(given), `return ${code}`);
    const { session, client, data } = (await run(...Object.values(given))) as {
      readonly session: Session;
      readonly client: ApolloClient;
      readonly data: unknown;
    };
    client.stop();
    session.close();
    return { states, data };
  }
});
