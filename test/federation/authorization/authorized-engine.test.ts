import { buildSchema, execute, parse, print } from 'graphql';
import { authorizedEngine } from '../../../src/federation/authorization/authorized-engine.ts';
import { readPolicyModule } from '../../../src/federation/authorization/policies.ts';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import type { GraphEngine } from '../../../src/federation/engine.ts';
import type { Caller } from '../../../src/federation/identity/mint-identity.ts';

const link = (list: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${list}])`;
const sdl = `${link('"@authenticated", "@requiresScopes", "@policy", "@key"')}
  type Query { me: User @authenticated user(id: ID): User users: [User!]! people: [Person!]! guest: Guest search: [Result!]! }
  type Mutation { ban(id: ID!): Int @requiresScopes(scopes: [["users:write"]]) wave: Int }
  type User { id: ID name: String email: String @authenticated secret: String! @policy(policies: [["owner"]]) }
  interface Person { id: ID name: String }
  type Guest implements Person { id: ID name: String }
  type Admin implements Person @authenticated { id: ID name: String role: String }
  union Result = Guest | Admin`;
const anonymous: Caller = { kind: 'anonymous' };
const ada: Caller = { kind: 'user', userId: 'ada', sessionId: 's', scopes: [], roles: [] };
const person = { id: '1', name: 'Ada', email: 'ada@x', secret: 'shh' };
const root = {
  me: person,
  user: person,
  users: [person, person],
  people: [
    { __typename: 'Guest', id: '1', name: 'Gus' },
    { __typename: 'Admin', id: '2', name: 'Ada', role: 'root' },
  ],
  guest: { id: '1', name: 'Gus' },
  search: [{ __typename: 'Admin', id: '2', name: 'Ada', role: 'root' }],
  ban: 1,
  wave: 2,
};

function open(mode: 'filter' | 'reject' = 'filter', rewrite = (text: string) => text) {
  const composed = composeSupergraph([{ name: 'a', url: 'http://a', sdl }]);
  const { publicSdl } = composed;
  const supergraphSdl = rewrite(composed.supergraphSdl);
  const schema = buildSchema(publicSdl);
  const ran: string[] = [];
  const asked: string[] = [];
  const engine: GraphEngine<Caller> = {
    subscribe: () => Promise.reject(new Error('listens to nothing')),
    publicSchema: schema,
    supergraphSdl,
    async execute({ document, variables }) {
      ran.push(print(document).replaceAll(/\s+/g, ' '));
      return execute({ schema, document, variableValues: variables, rootValue: root });
    },
  };
  const authorized = authorizedEngine(engine, buildSchema(publicSdl), {
    mode,
    callerOf: (caller) => caller,
    async askPolicies(names) {
      asked.push(...names);
      return new Set();
    },
  });
  const ask = async (query: string, caller = anonymous, variables = {}) => {
    const context = caller;
    const document = parse(query);
    const operation = { document, operationName: undefined, variables, context };
    const { data, errors = [] } = await authorized.execute(operation);
    return {
      data: JSON.parse(JSON.stringify(data)),
      paths: errors.map(({ path }) => path?.join('/')),
      errors,
    };
  };
  return { ask, ran, asked };
}

/** Composition of before November 2025 gave an interface nothing of what the types behind it ask. */
const asOlderTools = (text: string) => text.replace(/^(interface Person .*) @authenticated/m, '$1');

describe('the rules of the graph', () => {
  it("answer Apollo Router's own example as Apollo Router does", async () => {
    const { ask, ran } = open();
    const { data, paths } = await ask('{ me { name email } user(id: "1234") { name email } }');
    expect(data).toEqual({ me: null, user: { name: 'Ada', email: null } });
    expect(paths).toEqual(['me', 'user/email']);
    expect(ran).toEqual(['{ user(id: "1234") { name } }']);
  });

  it('name entries of lists with an @', async () => {
    const { data, paths } = await open().ask('{ users { name email } }');
    expect(paths).toEqual(['users/@/email']);
    expect(data).toEqual({
      users: [
        { name: 'Ada', email: null },
        { name: 'Ada', email: null },
      ],
    });
  });

  it('let a null go up to where one may stand', async () => {
    const { ask } = open();
    expect((await ask('{ user { name secret } }')).data).toEqual({ user: null });
    expect((await ask('{ users { name secret } user { name } }')).data).toBeNull();
  });

  it('hold under aliases, in fragments and behind skipped ones', async () => {
    const { ask, ran } = open();
    const { data, paths } = await ask(
      `query ($yes: Boolean!) {
        a: user { ...F ... on User { mail: email } ... @include(if: $yes) { email } }
      }
      fragment F on User { name email }`,
      anonymous,
      { yes: true },
    );
    expect(data).toEqual({ a: { name: 'Ada', email: null, mail: null } });
    expect(new Set(paths)).toEqual(new Set(['a/email', 'a/mail']));
    expect(ran.join()).not.toContain('email');
  });

  it('hold for a type behind an interface and a union, by every way to it', async () => {
    const { ask, ran } = open('filter', asOlderTools);
    const guarded = await ask('{ people { ... on Guest { name } ... on Admin { role } } }');
    expect(guarded.data).toEqual({ people: [{ name: 'Gus' }, { role: null }] });
    const direct = await ask('{ people { name } }');
    expect(direct.data).toEqual({ people: [{ name: null }, { name: null }] });
    const union = await ask('{ search { ... on Admin { role } } }');
    expect(union.data).toEqual({ search: [{ role: null }] });
    const mixed = await ask('{ search { ... on Person { name } } }');
    expect(mixed.data).toEqual({ search: [{ name: null }] });
    expect(ran.join()).not.toContain('role');
    const signedIn = await ask('{ people { name ... on Admin { role } } }', ada);
    expect(signedIn.data.people[1]).toEqual({ name: 'Ada', role: 'root' });
    expect(signedIn.errors).toEqual([]);
  });

  it('guard an interface as composition says, and leave the open types behind it open', async () => {
    const { ask } = open();
    expect((await ask('{ search { ... on Guest { name } } }')).errors).toEqual([]);
    expect((await ask('{ people { ... on Guest { name } } guest { name } }')).paths).toEqual([
      'people',
    ]);
  });

  it('of an interface alone hold for the types behind it', async () => {
    const { ask } = open('filter', (text) =>
      text.replace(/^(type Admin .*) @authenticated/m, '$1'),
    );
    expect((await ask('{ guest { name } }')).paths).toEqual(['guest']);
  });

  it('keep a mutation from running', async () => {
    const { ask, ran } = open();
    const { data, paths } = await ask('mutation ($id: ID!) { wave ban(id: $id) }', ada, {
      id: '1',
    });
    expect(data).toEqual({ wave: 2, ban: null });
    expect(paths).toEqual(['ban']);
    expect(ran).toEqual(['mutation { wave }']);
  });

  it('ask a policy once, only where the operation needs it', async () => {
    const { ask, asked } = open();
    await ask('{ user { name } }', ada);
    expect(asked).toEqual([]);
    const { errors } = await ask('{ a: user { secret } b: user { secret } }', ada);
    expect(asked).toEqual(['owner']);
    expect(errors[0]?.originalError).toMatchObject({
      code: 'UNAUTHORIZED_FIELD_OR_TYPE',
      reason: 'POLICY_DENIED',
    });
  });

  it('do not touch introspection', async () => {
    const { ask } = open('reject');
    const { errors } = await ask('{ __type(name: "User") { fields { name } } }');
    expect(errors).toEqual([]);
  });
});

describe('rules that nobody could enforce', () => {
  const compose = (text: string) => () =>
    composeSupergraph([{ name: 'reviews', url: 'http://reviews', sdl: text }]);

  it('are refused when a subgraph of Federation 1 made them itself', () => {
    const homemade =
      'directive @authenticated on FIELD_DEFINITION type Query { a: Int @authenticated }';
    expect(compose(homemade)).toThrow('reviews: @authenticated is a directive of its own');
    expect(compose(`${link('"@key"')} ${homemade}`)).toThrow('nobody enforces');
    const imported =
      'directive @authenticated on FIELD_DEFINITION type Query { a: Int @authenticated }';
    expect(compose(`${link('"@authenticated"')} ${imported}`)).not.toThrow();
  });

  it.each([
    '@requiresScopes(scopes: [])',
    '@requiresScopes(scopes: [["a"], []])',
    '@policy(policies: [])',
    '@federation__policy(policies: [[]])',
    '@guard(policies: [])',
  ])('are refused with an empty list, which composition drops: %s', (rule) => {
    const policy = rule.startsWith('@guard') ? '{ name: "@policy", as: "@guard" }' : '"@policy"';
    const imports = `"@requiresScopes", ${policy}`;
    expect(compose(`${link(imports)} type Query { a: Int ${rule} }`)).toThrow('empty list');
  });

  it('are refused on interfaces, where composition does not allow them', () => {
    const text = `${link('"@authenticated"')} type Query { a: I } interface I @authenticated { x: Int }`;
    expect(compose(text)).toThrow('cannot be applied on interfaces');
  });

  it('are refused on a field that reads a guarded one of another subgraph by @requires', () => {
    const links = link('"@key", "@authenticated", "@external", "@requires"');
    const people = `${links} type Query { user: User }
      type User @key(fields: "id") { id: ID! ssn: String @authenticated }`;
    const hashes = (rule: string) => `${links} type User @key(fields: "id") {
      id: ID! ssn: String @external hash: String @requires(fields: "ssn") ${rule} }`;
    const composeBoth = (rule: string) => () =>
      composeSupergraph([
        { name: 'people', url: 'http://people', sdl: people },
        { name: 'hashes', url: 'http://hashes', sdl: hashes(rule) },
      ]);
    expect(composeBoth('')).toThrow('transitive field "User.ssn"');
    expect(composeBoth('@authenticated')).not.toThrow();
  });

  it('are refused when a supergraph needs a security feature that is not known', () => {
    const engine = {
      supergraphSdl: `schema @link(url: "https://specs.apollo.dev/link/v1.0")
        @link(url: "https://example.com/vault/v1.0", for: SECURITY) { query: Query }
        type Query { a: Int }`,
    } as GraphEngine<Caller>;
    const options = {
      mode: 'filter',
      callerOf: () => anonymous,
      askPolicies: async () => new Set<string>(),
    } as const;
    expect(() => authorizedEngine(engine, buildSchema('type Query { a: Int }'), options)).toThrow(
      'https://example.com/vault/v1.0',
    );
  });
});

describe('a policy module', () => {
  const request = { caller: ada, requestId: 'request' };
  const failures: string[] = [];
  const read = (policies: unknown) =>
    readPolicyModule(
      async () => ({ policies }),
      (name) => failures.push(name),
    );

  it('says yes with true and nothing else', async () => {
    const evaluate = await read({
      yes: () => true,
      later: async () => true,
      no: () => false,
      truthy: () => 'yes',
      throws: () => {
        throw new Error('down');
      },
    });
    const names = ['yes', 'later', 'no', 'truthy', 'throws', 'missing', 'toString'];
    expect(await evaluate(names, request)).toEqual(new Set(['yes', 'later']));
    expect(failures).toEqual(['throws', 'missing', 'toString']);
  });

  it('has to export functions', async () => {
    await expect(read({ yes: true })).rejects.toThrow();
    await expect(read(undefined)).rejects.toThrow();
  });
});
