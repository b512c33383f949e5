import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/free-port.ts';
import { LoginDocument, MeDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { runBuilt, startDevelopmentServer } from '../support/plain-node.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';

const patience = 180_000;
const old = 'the old key encryption secret of these tests: 0123456789';
const fresh = 'the fresh key encryption secret of these tests: 0123456789';
const other = 'a secret of another installation altogether: 0123456789';

describe('the secret that seals the signing keys', () => {
  let folder: string;
  let port: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const withSecrets = (...secrets: string[]) => ({ KEY_ENCRYPTION_SECRET: secrets.join(',') });
  /** Always on the same port, which the tokens name as their issuer. */
  const start = async (...secrets: string[]) => {
    port ??= String(await freePort('127.0.0.1'));
    return startDevelopmentServer(folder, { PORT: port, ...withSecrets(...secrets) });
  };
  const gatehouse = (line: string, env: Readonly<Record<string, string>>) =>
    runBuilt(['command.js', ...line.split(' ')], folder, env);
  const sealedWith = async (...secrets: string[]) => {
    const { stdout } = await gatehouse('keys list --json', withSecrets(...secrets));
    const keys: readonly { secret: number | null }[] = JSON.parse(stdout);
    return keys.map(({ secret }) => secret);
  };

  it(
    'is exchanged at a running system, and the new one alone starts it after that',
    async () => {
      const before = await start(old);
      expect(await gatehouse('keys rotate --force', withSecrets(old))).toMatchObject({ code: 0 });
      await before.end('SIGTERM');

      const both = withSecrets(fresh, old);
      const running = await start(fresh, old);
      const input = { email: freshEmail(), password: goodPassword };
      const client = createTestClient(running.origin);
      const { accessToken } = dataOf(await client.send(RegisterDocument, { input })).register;
      expect(await gatehouse('keys rotate --force', both)).toMatchObject({ code: 0 });
      expect(await sealedWith(fresh, old)).toContain(2);

      const resealed = await gatehouse('keys reseal', both);
      expect(resealed).toMatchObject({ code: 0, stderr: '' });
      expect(resealed.stdout).toMatch(/^Sealed again:\n(.{43}\n)+The first secret opens every key/);
      expect(new Set(await sealedWith(fresh, old))).toEqual(new Set([1]));
      expect((await gatehouse('keys reseal', both)).stdout).toMatch(/^Nothing to do/);
      expect(dataOf(await client.send(MeDocument, {}, { accessToken })).me).not.toBeNull();
      await running.end('SIGTERM');

      const after = await start(fresh);
      const again = createTestClient(after.origin);
      expect(dataOf(await again.send(MeDocument, {}, { accessToken })).me).not.toBeNull();
      const credentials = { identifier: input.email, password: goodPassword };
      expect(dataOf(await again.send(LoginDocument, { input: credentials })).login).toBeDefined();
      await after.end('SIGTERM');
    },
    patience,
  );

  it(
    'is named in a sentence where it opens nothing, and nothing is changed with it',
    async () => {
      const server = await start(old);
      const sentence =
        /^KEY_ENCRYPTION_SECRET does not open the \w+ signing key .{43}: .*gatehouse keys reseal\n$/;
      for (const line of ['keys rotate --force', 'keys reseal']) {
        const { code, stdout, stderr } = await gatehouse(line, withSecrets(other));
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
      expect(new Set(await sealedWith(other))).toEqual(new Set([null]));
      expect(new Set(await sealedWith(old))).toEqual(new Set([1]));
      await server.end('SIGTERM');
      const started = await runBuilt(['main.js'], folder, { PORT: '0', ...withSecrets(other) });
      expect(started).toMatchObject({ code: 1, stdout: '' });
      expect(started.stderr).toMatch(sentence);
      expect(new Set(await sealedWith(old))).toEqual(new Set([1]));
    },
    patience,
  );
});
