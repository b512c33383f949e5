import { buildSchema, execute, parse, print } from 'graphql';
import { authorizedEngine } from '../../../src/federation/authorization/authorized-engine.ts';
import { readPolicyModule } from '../../../src/federation/authorization/policies.ts';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine } from '../../../src/federation/engine.ts';
import { createHiveEngine } from '../../../src/federation/hive-engine.ts';
import type { Caller } from '../../../src/federation/identity/mint-identity.ts';
import { shownPassword } from '../../support/shown-password.ts';

const link = (list: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${list}])`;
const sdl = `${link('"@authenticated", "@requiresScopes", "@policy", "@key"')}
  type Query { me: User @authenticated user(id: ID): User users: [User!]! people: [Person!]! guest: Guest search: [Result!]! }
  type Mutation {
    ban(id: ID!): Int @requiresScopes(scopes: [["users:write"]]) wave: Int invite: User
    enter: Entry! leave: Int
  }
  type Entry { user: User! }
  type User { id: ID name: String email: String @authenticated secret: String! @policy(policies: [["owner"]]) }
  interface Person { id: ID name: String }
  type Guest implements Person { id: ID name: String }
  type Admin implements Person @authenticated { id: ID name: String role: String }
  union Result = Guest | Admin`;
const anonymous: Caller = { kind: 'anonymous' };
const bad: Caller = { kind: 'anonymous' };
const ada: Caller = {
  kind: 'user',
  userId: 'ada',
  sessionId: 's',
  scopes: [],
  roles: [],
  ...shownPassword,
};
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
  invite: person,
  enter: { user: person },
};

interface Asking {
  readonly caller: Caller;
  /** What the subgraph was asked. */
  readonly ran: string[];
}

const composed = composeSupergraph([{ name: 'a', url: 'http://a', sdl }]);
let engine: GraphEngine<Asking>;
beforeAll(async () => {
  const schema = buildSchema(composed.publicSdl);
  const run: ExecuteSubgraph<Asking> = async ({ document, variables }, { ran }) => {
    ran.push(print(document).replaceAll(/\s+/g, ' '));
    return execute({ schema, document, variableValues: variables ?? {}, rootValue: root });
  };
  engine = await createHiveEngine(composed, new Map([['a', run]]));
});

function open(mode: 'filter' | 'reject' = 'filter', rewrite = (text: string) => text) {
  const supergraphSdl = rewrite(composed.supergraphSdl);
  const ran: string[] = [];
  const asked: string[] = [];
  const signIns: Caller[] = [];
  const authorized = authorizedEngine(
    { ...engine, supergraphSdl },
    buildSchema(composed.publicSdl),
    {
      mode,
      signIn: { fields: new Set(['enter']), onOperation: ({ caller }) => signIns.push(caller) },
      callerOf({ caller }) {
        if (caller === bad) throw new Error('a bad token');
        return caller;
      },
      async askPolicies(names) {
        asked.push(...names);
        return new Set();
      },
    },
  );
  const ask = async (query: string, caller = anonymous, variables = {}) => {
    const context = { caller, ran };
    const document = parse(query);
    const operation = { document, operationName: undefined, variables, context };
    const { data, errors = [] } = await authorized.execute(operation);
    return {
      data: JSON.parse(JSON.stringify(data ?? null)),
      paths: errors.map(({ path }) => path?.join('/')),
      errors,
    };
  };
  return { ask, ran, asked, signIns };
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

  it('tell of a field once, however often and through whatever it is asked for', async () => {
    const fields = 'email '.repeat(45);
    const query = `{ user { name ${fields} ${'...F '.repeat(200)} } } fragment F on User { ${fields} }`;
    const { data, paths } = await open().ask(query);
    expect(paths).toEqual(['user/email']);
    expect(data).toEqual({ user: { name: 'Ada', email: null } });
  });

  it('tell of a hundred fields, and refuse the others all the same', async () => {
    const fields = Array.from({ length: 150 }, (_, at) => `a${at}: email`).join(' ');
    const { data, errors } = await open().ask(`{ user { name ${fields} } }`);
    expect(errors).toHaveLength(100);
    expect(data.user.name).toBe('Ada');
    expect(data.user.a149).toBeNull();
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

  it('leave what stands under an alias called __typename as it is, and its type known', async () => {
    const { ask } = open('filter', asOlderTools);
    const { data, paths } = await ask(
      '{ people { ... on Guest { __typename: name } ... on Admin { role } } user { __typename: name email } }',
    );
    expect(data).toEqual({
      people: [{ __typename: 'Gus' }, { role: null }],
      user: { __typename: 'Ada', email: null },
    });
    expect(paths).toEqual(['people/@', 'user/email']);
    const refused = await ask(
      '{ people { ... on Guest { id } ... on Admin { __typename: role } } user { name __typename: email } }',
    );
    expect(refused.data).toEqual({
      people: [{ id: '1' }, { __typename: null }],
      user: { name: 'Ada', __typename: null },
    });
  });

  it('hold for a type behind an interface and a union, by every way to it', async () => {
    const { ask, ran } = open('filter', asOlderTools);
    const guarded = await ask('{ people { ... on Guest { name } ... on Admin { role } } }');
    expect(guarded.data).toEqual({ people: [{ name: 'Gus' }, { role: null }] });
    const direct = await ask('{ people { name } guest { id } }');
    expect(direct.data).toEqual({
      people: [{ name: null }, { name: null }],
      guest: { id: '1' },
    });
    const union = await ask('{ search { ... on Admin { role } } guest { id } }');
    expect(union.data).toEqual({ search: [{ role: null }], guest: { id: '1' } });
    const mixed = await ask('{ search { ... on Person { name } } guest { id } }');
    expect(mixed.data).toEqual({ search: [{ name: null }], guest: { id: '1' } });
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

  it('let nothing run of which nothing allowed is left, mutations above all', async () => {
    const { ask, ran } = open();
    for (const text of [
      '{ user { email } }',
      '{ user { ... on User { mail: email } } __typename @skip(if: true) }',
      '{ people { ... on Admin { role } } }',
      'mutation { invite { email } }',
      'mutation { ... on Mutation { invite { ...F } } ban(id: 1) } fragment F on User { email }',
    ]) {
      const { data, errors } = await ask(text);
      expect(data).toBeNull();
      expect(errors[0]?.originalError).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' });
    }
    expect(ran).toEqual([]);
  });

  it('run no mutation of whose result the caller may see nothing, and the others', async () => {
    const { ask, ran } = open();
    const { data, paths } = await ask('mutation { invite { email } wave }');
    expect(data).toEqual({ invite: null, wave: 2 });
    expect(paths).toEqual(['invite/email']);
    expect(ran).toEqual(['mutation { wave }']);
    await ask('mutation { invite { name email } }');
    expect(ran.at(-1)).toBe('mutation { invite { name } }');
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

describe('what @skip and @include leave out', () => {
  const left: [name: string, document: string, variables?: object][] = [
    ['a field', '{ user { name email @skip(if: true) } }'],
    ['an inline fragment', '{ user { name ... on User @include(if: false) { email } } }'],
    ['a spread', '{ user { name ...F @skip(if: true) } } fragment F on User { email secret }'],
    [
      'a field of a fragment',
      'query ($no: Boolean!) { user { ...F } } fragment F on User { name email @include(if: $no) }',
      { no: false },
    ],
    [
      'what a variable says by its default',
      'query ($out: Boolean! = true) { user { name email @skip(if: $out) } }',
    ],
    [
      'what one of both says',
      'query ($yes: Boolean!) { user { name email @skip(if: $yes) @include(if: $yes) } }',
      { yes: true },
    ],
    ['a root field', '{ user { name } me @skip(if: true) { email } }'],
  ];
  it.each(left)('is neither refused nor an error: %s', async (_name, document, variables = {}) => {
    for (const mode of ['filter', 'reject'] as const) {
      const { ask, ran } = open(mode);
      const { data, errors } = await ask(document, anonymous, variables);
      expect(errors).toEqual([]);
      expect(data).toEqual({ user: { name: 'Ada' } });
      expect(ran.join()).not.toMatch(/email|secret/);
    }
  });

  it('is guarded as ever for the next who does not leave it out', async () => {
    const { ask, ran } = open();
    const document = 'query ($out: Boolean!) { user { name email @skip(if: $out) } }';
    for (const out of [true, false, true, false]) {
      const { data, paths } = await ask(document, anonymous, { out });
      expect(paths).toEqual(out ? [] : ['user/email']);
      expect(data).toEqual({ user: { name: 'Ada', ...(out ? {} : { email: null }) } });
    }
    expect(ran.join()).not.toContain('email');
  });

  it('asks no policy, and needs no good token', async () => {
    const { ask, asked } = open();
    const document = '{ user { name secret @skip(if: true) } }';
    expect((await ask(document, bad)).data).toEqual({ user: { name: 'Ada' } });
    expect(asked).toEqual([]);
  });

  it('leaves an object without fields, or an answer without', async () => {
    const { ask, ran } = open();
    expect((await ask('{ user { email @skip(if: true) } }')).data).toEqual({ user: {} });
    expect(ran).toHaveLength(1);
    expect((await ask('{ me @skip(if: true) { email } }')).data).toEqual({});
    expect((await ask('mutation { ban(id: 1) @skip(if: true) }')).data).toEqual({});
    expect(ran).toHaveLength(1);
  });

  it('is not what leaves a refused mutation to run', async () => {
    const { ask, ran } = open();
    const document = 'mutation { wave @skip(if: true) ban(id: 1) }';
    expect((await ask(document)).paths).toEqual(['ban']);
    expect(ran).toEqual([]);
  });

  it('is told by nothing but a Boolean', async () => {
    const { ask, ran } = open();
    const document = 'query ($out: Boolean!) { user { name email @skip(if: $out) } }';
    for (const out of ['true', 1, null, undefined]) {
      const { errors } = await ask(document, anonymous, { out });
      expect(errors[0]?.message).toMatch(/^Variable "\$out"/);
    }
    expect(ran).toEqual([]);
  });
});

describe('an operation that signs somebody in', () => {
  const entering = 'mutation { enter { user { name email secret } } }';

  it('may have what wants somebody signed in, whatever token came along', async () => {
    for (const caller of [anonymous, bad, ada]) {
      const { ask, signIns } = open();
      const { data, errors } = await ask('mutation { enter { user { name email } } }', caller);
      expect(errors).toEqual([]);
      expect(data).toEqual({ enter: { user: { name: 'Ada', email: 'ada@x' } } });
      expect(signIns).toEqual([caller]);
    }
  });

  it('may not have what wants more: whose scopes and policies count is not known yet', async () => {
    const { ask, asked, ran } = open();
    const { paths, errors } = await ask(entering, ada);
    expect(paths).toEqual(['enter/user/secret']);
    expect(errors[0]?.originalError).toMatchObject({ reason: 'TOKEN_MISSING' });
    expect(ran.join()).not.toContain('secret');
    expect(asked).toEqual([]);
  });

  it('does nothing else: beside another mutation its caller is the one who asked', async () => {
    const { ask, signIns } = open();
    const { paths } = await ask('mutation { enter { user { name email } } wave }');
    expect(paths).toEqual(['enter/user/email']);
    await ask('query { user { name } }');
    expect(signIns).toEqual([]);
    await expect(ask('mutation { enter { user { email } } wave }', bad)).rejects.toThrow('bad');
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
