import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFolder } from '../support/build.ts';
import { entryOf, redirectUri, secretsOf } from '../support/provider-gateway.ts';
import { startTestProvider, type TestProvider } from '../support/test-provider.ts';

describe('gatehouse providers check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-providers-'));
  let provider: TestProvider;
  let strange: TestProvider;
  beforeAll(async () => {
    provider = await startTestProvider(redirectUri('normal'));
    strange = await startTestProvider(redirectUri('strange'));
    strange.deviation = { discovery: (known) => ({ ...known, issuer: 'https://evil.example' }) };
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all([provider.stop(), strange.stop()]);
  });

  const check = (providers: readonly object[], ...args: readonly string[]) => {
    const file = join(folder, 'gatehouse.json');
    writeFileSync(file, JSON.stringify({ providers }));
    const env = {
      ...process.env,
      NODE_ENV: 'test',
      PUBLIC_URL: 'https://auth.example.com',
      GATEHOUSE_CONFIG: file,
      ...secretsOf({ normal: provider, strange }),
      SECRET_OF_GITHUB: 'secret',
    };
    const command = join(buildFolder, 'src', 'command.js');
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [command, 'providers', 'check', ...args],
        { env },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
        },
      );
    });
  };
  const github = { preset: 'github', clientId: 'x', clientSecret: 'env:SECRET_OF_GITHUB' };

  it('asks each one, and prints the address to be entered there', async () => {
    const { code, stdout } = await check([entryOf('normal', provider), github]);
    expect(stdout).toBe(`normal can be used
  issuer            ${provider.issuer}
  browsers go to    ${provider.issuer}/auth
  redirect address  https://auth.example.com/sign-in/normal/callback
github can be used
  issuer            https://github.com/login/oauth
  browsers go to    https://github.com/login/oauth/authorize
  redirect address  https://auth.example.com/sign-in/github/callback
`);
    expect(code).toBe(0);
  });

  it('c5: ends with 1 where one names another issuer, and says so', async () => {
    const { code, stdout } = await check([entryOf('strange', strange)], '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'strange', authorizationEndpoint: null, problem: expect.any(String) },
    ]);
    expect(code).toBe(1);
  });

  it.each([
    ['a secret in the file', { ...github, clientSecret: 'gho_secret' }, 'must name a variable'],
    [
      'a variable that is not there',
      { ...github, clientSecret: 'env:NOT_THERE' },
      'NOT_THERE is needed',
    ],
    [
      'an issuer of its own with a preset',
      { ...github, issuer: 'https://x.example' },
      'comes from the preset',
    ],
    [
      'a key that is none of Apple’s',
      {
        preset: 'apple',
        clientId: 'x',
        teamId: 'T',
        keyId: 'K',
        privateKey: 'env:SECRET_OF_GITHUB',
      },
      'no key of Apple',
    ],
    [
      'http beyond this machine',
      { name: 'x', issuer: 'http://login.example.com', clientId: 'x' },
      'must be https',
    ],
    [
      'an issuer with a query',
      { name: 'x', issuer: 'https://login.example.com/?a=b', clientId: 'x' },
      'no user, password, query',
    ],
    [
      'no openid',
      { name: 'x', issuer: 'https://login.example.com', clientId: 'x', scopes: ['email'] },
      'must have openid',
    ],
    ['Microsoft without a tenant', { preset: 'microsoft', clientId: 'x' }, 'tenant'],
    [
      'addresses that link and are not trusted',
      { name: 'x', issuer: 'https://login.example.com', clientId: 'x', link: 'verified-email' },
      'must be confirm',
    ],
    [
      'addresses of GitHub that link',
      { ...github, link: 'verified-email' },
      'gives out no addresses',
    ],
    ['a key that nobody knows', { ...github, trustEmails: true }, 'trustEmails'],
  ])('refuses %s', async (_what, entry, message) => {
    const { code, stderr } = await check([entry]);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });

  it('refuses http in production, and a name that stands there twice', async () => {
    const { stderr } = await check([entryOf('normal', provider), entryOf('normal', provider)]);
    expect(stderr).toContain('repeats normal');
  });
});
