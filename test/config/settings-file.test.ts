import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noSettings, readSettingsFile } from '../../src/config/settings-file.ts';

describe('the settings file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-settings-'));
  const path = join(folder, 'gatehouse.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(path, text);
    const { settings, problems } = readSettingsFile(path);
    return { ...settings, problems: problems.map((line) => line.replace(`${path}: `, '')) };
  };

  it('declares scopes, roles and what new accounts get', () => {
    const text = `
      scopes: [reviews:read, reviews:write]
      roles:
        user: { default: true, scopes: [reviews:read] }
        editor: { scopes: [reviews:write, reviews:read, users:read] }`;
    expect(read(text)).toEqual({
      ...noSettings,
      problems: [],
      access: {
        scopes: ['reviews:read', 'reviews:write'],
        roles: [
          { name: 'user', isDefault: true, scopes: ['reviews:read'] },
          {
            name: 'editor',
            isDefault: false,
            scopes: ['reviews:read', 'reviews:write', 'users:read'],
          },
        ],
      },
    });
  });

  it('reads the same as JSON, and takes an empty file as silence', () => {
    expect(read('{"roles": {"user": {}}}').access?.roles).toHaveLength(1);
    expect(read('')).toEqual({ ...noSettings, problems: [] });
  });

  it('takes names of GraphQL, and false, for what is called otherwise in the graph', () => {
    const { names, problems } = read('names: { User: Account, User.email: false, me: viewer }');
    expect({ names, problems }).toEqual({
      names: { User: 'Account', 'User.email': false, me: 'viewer' },
      problems: [],
    });
    const refused = read(
      'names: { "a b": c, me: 7, login: true, logout: "sign out", "": x }',
    ).problems;
    expect(refused).toEqual([
      'names.a b must be a type, a root field, or such as User.email',
      'names.me must be a name of GraphQL, or false to leave it out',
      'names.login must be a name of GraphQL, or false to leave it out',
      'names.logout must be a name of GraphQL, or false to leave it out',
      'names. must be a type, a root field, or such as User.email',
    ]);
  });

  it('names a scope that nobody declares', () => {
    expect(read('roles: { editor: { scopes: [reviews:write] } }').problems).toEqual([
      'the role editor holds the scope reviews:write, which is not declared in scopes',
    ]);
  });

  it('sets limits, of which the usual ones stay where nothing is said', () => {
    const { limits, problems } = read('subgraphs: []\nlimits: { cost: 5, listSize: 2 }');
    expect(problems).toEqual([]);
    expect(limits).toMatchObject({ cost: 5, listSize: 2, depth: 32, aliases: 200 });
    expect(read('limits: { cost: 0 }').problems.join()).toContain('limits.cost');
    expect(read('limits: { costs: 5 }').problems.join()).toContain('costs');
  });

  it('takes roles and scopes as long as access tokens have room for them', () => {
    const policy = (count: number) => {
      const scopes = Array.from({ length: count }, (_, index) =>
        `orders:${index}:`.padEnd(40, 'x'),
      );
      return JSON.stringify({ scopes, roles: { user: { scopes } } });
    };
    expect(read(policy(180)).problems).toEqual([]);
    expect(read(policy(200)).problems).toEqual([
      expect.stringMatching(
        /^the roles and the scopes that they hold have 8\d{3} characters together/,
      ),
    ]);
  });

  it.each([
    ['a mistyped key', 'role: {}', /role/],
    ['a role with a space', 'roles: { "the editor": {} }', /role name/],
    ['a scope with a space', 'scopes: ["a b"]', /scopes\.0 must be a scope/],
    ['a key twice', 'scopes: []\nscopes: []', /unique/],
    ['no YAML at all', 'roles: {', /flow/i],
  ])('refuses %s', (_name, text, problem) => {
    const { access, problems } = read(text);
    expect(access).toBeUndefined();
    expect(problems.join('\n')).toMatch(problem);
  });

  it('says that a named file is not there', () => {
    expect(readSettingsFile(join(folder, 'none.yaml')).problems).toEqual([
      `${join(folder, 'none.yaml')} does not exist`,
    ]);
  });
});

describe('the subgraphs of the settings file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-subgraphs-'));
  const path = join(folder, 'gatehouse.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(path, text);
    const { settings, problems } = readSettingsFile(path);
    return {
      ...settings.federation,
      problems: problems.map((line) => line.replace(`${path}: `, '')),
    };
  };

  it('need a name and an address, and get careful defaults', () => {
    expect(read('subgraphs: [{ name: reviews, url: "http://localhost:4001/graphql" }]')).toEqual({
      problems: [],
      poll: 10_000,
      authorization: { mode: 'filter' },
      subgraphs: [
        {
          name: 'reviews',
          url: 'http://localhost:4001/graphql',
          claims: ['scope', 'roles'],
          headers: [],
          passAccessToken: false,
          plainHeaders: false,
          subscriptions: 'sse',
          timeout: 10_000,
          maxResponseSize: 10_485_760,
        },
      ],
    });
  });

  it.each([
    'Authorization',
    'cookie',
    'Txn-Token',
    'x-user-id',
    'X-Forwarded-User',
    'x-auth-request-email',
    'x-remote-user',
    'connection',
    'host',
    'proxy-authorization',
  ])('never forward %s', (name) => {
    const { problems } = read(
      `subgraphs: [{ name: a, url: "http://a/", headers: ["${name}", accept-language] }]`,
    );
    expect(problems).toEqual([
      'subgraphs.0.headers.0 must not be a header that names the caller or belongs to the connection',
    ]);
  });

  it('are told every problem at once', () => {
    const text = `
      subgraphs:
        - { name: gatehouse, url: "http://a/" }
        - { name: a, url: "ftp://a/", timeout: soon, claims: [email] }
        - { name: b, url: "http://b/", cookies: pass }`;
    expect(read(text).problems.map((line) => line.split(' ')[0])).toEqual([
      'subgraphs.0.name',
      'subgraphs.1.url',
      'subgraphs.1.claims.0',
      'subgraphs.1.timeout',
      'subgraphs.2',
    ]);
  });

  it('have a name each', () => {
    const text = 'subgraphs: [{ name: b, url: "http://b/" }, { name: B, url: "http://b/" }]';
    expect(read(text).problems).toEqual(['subgraphs.1.name repeats b']);
  });

  it('are guarded in a mode, by policies of a module that exists or a service', () => {
    writeFileSync(join(folder, 'policies.js'), '');
    expect(read('authorization: { mode: reject, policies: ./policies.js }').authorization).toEqual({
      mode: 'reject',
      policies: join(folder, 'policies.js'),
    });
    const service = 'https://policies.example/decide';
    expect(read(`authorization: { policies: "${service}" }`).authorization).toEqual({
      mode: 'filter',
      policies: service,
    });
    expect(read('authorization: { mode: allow }').problems).toHaveLength(1);
    expect(read('authorization: { policies: "ftp://a/" }').problems).toHaveLength(1);
    expect(read('authorization: { policies: gone.js }').problems).toEqual([
      `the policy module ${join(folder, 'gone.js')} does not exist`,
    ]);
  });

  it('name schema files that exist, from where the settings file stands', () => {
    writeFileSync(join(folder, 'a.graphql'), 'type Query { a: Int }');
    const good = read('subgraphs: [{ name: a, url: "http://a/", schema: a.graphql }]');
    expect(good.subgraphs?.[0]?.schema).toBe(join(folder, 'a.graphql'));
    const { problems } = read('subgraphs: [{ name: a, url: "http://a/", schema: b.graphql }]');
    expect(problems).toEqual([`the schema of a, ${join(folder, 'b.graphql')}, does not exist`]);
  });
});
