import { buildSchema, execute, parse } from 'graphql';
import { subgraphOf } from '../../../examples/gateway/federated-schema.ts';
import { authorizedEngine } from '../../../src/federation/authorization/authorized-engine.ts';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import type { GraphEngine } from '../../../src/federation/engine.ts';
import { createHiveEngine } from '../../../src/federation/hive-engine.ts';
import type { Caller } from '../../../src/federation/identity/mint-identity.ts';
import { shownPassword } from '../../support/shown-password.ts';

/*
 * The expectations are those of Apollo Router's documentation ("Authorization in the GraphOS Router"):
 * what the caller may not have is null with an error UNAUTHORIZED_FIELD_OR_TYPE at its path, everything
 * else is answered; with `reject_unauthorized` data is null and nothing runs. A rule on a type holds
 * wherever the type is returned. Inner lists are AND, the outer one is OR.
 */
const directives = {
  authenticated: '',
  requiresScopes: '(scopes: [["right"], ["also", "both"]])',
  policy: '(policies: [["right"]])',
} as const;
type Directive = keyof typeof directives;

const user = (...scopes: string[]): Caller => ({
  kind: 'user',
  ...shownPassword,
  userId: 'ada',
  sessionId: 'session',
  scopes,
  roles: [],
});
const callers = {
  anonymous: { kind: 'anonymous' },
  'signed in': user(),
  'wrong scope': user('wrong', 'also'),
  'right scope': user('right'),
} as const satisfies Record<string, Caller>;
type Who = keyof typeof callers;

/** How a graph comes to call its rules. What each name means is said by its links alone. */
const namings = [
  'imported',
  'imported renamed',
  'by the full name',
  'linked renamed',
  "renamed by Apollo's composition",
] as const;
type Naming = (typeof namings)[number];

/** What is asked at each location, what it is when it may be had, and what is null otherwise. */
const locations = {
  FIELD_DEFINITION: { ask: 'field', has: 1, denied: null, path: ['field'] },
  OBJECT: { ask: 'object { x }', has: { x: 1 }, denied: null, path: ['object'] },
  // Composition allows no rule on it, and gives it those of the types behind it.
  INTERFACE: { ask: 'shape { x }', has: { x: 1 }, denied: null, path: ['shape'] },
  'field behind an INTERFACE': {
    ask: 'form { x y }',
    has: { x: 1, y: 2 },
    denied: { x: null, y: 2 },
    path: ['form', 'x'],
  },
  'OBJECT in a list': {
    ask: 'objects { x }',
    has: [{ x: 1 }, { x: 1 }],
    denied: null,
    path: ['objects'],
  },
  'FIELD_DEFINITION in a list': {
    ask: 'lines { x y }',
    has: [{ x: 1, y: 2 }],
    denied: [{ x: null, y: 2 }],
    path: ['lines', '@', 'x'],
  },
  'FIELD_DEFINITION under the name of another guarded one': {
    ask: 'object: field',
    has: 1,
    denied: null,
    path: ['object'],
  },
  'OBJECT under the name of a guarded field': {
    ask: 'scalar: object { field: x }',
    has: { field: 1 },
    denied: null,
    path: ['scalar'],
  },
  'fields behind an INTERFACE under names of each other': {
    ask: 'form { y: x x: y }',
    has: { y: 1, x: 2 },
    denied: { y: null, x: 2 },
    path: ['form', 'y'],
  },
  'FIELD_DEFINITION in a list under the name of an open one': {
    ask: 'lines { y: x x: y }',
    has: [{ y: 1, x: 2 }],
    denied: [{ y: null, x: 2 }],
    path: ['lines', '@', 'y'],
  },
  SCALAR: { ask: 'scalar', has: 'top', denied: null, path: ['scalar'] },
  ENUM: { ask: 'enum', has: 'HIGH', denied: null, path: ['enum'] },
} as const;

const isAllowed = (directive: Directive, who: Who) =>
  directive === 'authenticated' ? who !== 'anonymous' : who === 'right scope';

const reasonOf = (directive: Directive, who: Who) => {
  if (who === 'anonymous') return 'TOKEN_MISSING';
  return directive === 'policy' ? 'POLICY_DENIED' : 'SCOPE_MISSING';
};

const resolvers = {
  Query: {
    open: () => 1,
    field: () => 1,
    object: () => ({ x: 1 }),
    objects: () => [{ x: 1 }, { x: 1 }],
    lines: () => [{ x: 1, y: 2 }],
    shape: () => ({ __typename: 'Circle', x: 1 }),
    form: () => ({ __typename: 'Line', x: 1, y: 2 }),
    scalar: () => 'top',
    enum: () => 'HIGH',
  },
};

function supergraphOf(directive: Directive, naming: Naming) {
  const [name, imported] = {
    imported: [directive, `"@${directive}"`],
    'imported renamed': ['guard', `{ name: "@${directive}", as: "@guard" }`],
    'by the full name': [`federation__${directive}`, ''],
    'linked renamed': [directive, `"@${directive}"`],
    "renamed by Apollo's composition": [directive, `"@${directive}"`],
  }[naming];
  const rule = `@${name}${directives[directive]}`;
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imported}])
    type Query {
      open: Int! field: Int ${rule} object: Secret objects: [Secret!] lines: [Line!]
      shape: Shape form: Form scalar: Classified enum: Level
    }
    type Secret ${rule} { x: Int }
    interface Shape { x: Int }
    type Circle implements Shape ${rule} { x: Int }
    interface Form { x: Int y: Int }
    type Line implements Form { x: Int ${rule} y: Int }
    scalar Classified ${rule}
    enum Level ${rule} { HIGH }`;
  const { supergraphSdl, publicSdl } = composeSupergraph([{ name: 'all', url: 'http://all', sdl }]);
  // Our composition never renames in its supergraph; one that comes from elsewhere may, in two ways.
  const rename = {
    'linked renamed': ' as: "guard",',
    "renamed by Apollo's composition": ` import: [{ name: "@${directive}", as: "@guard" }],`,
  }[naming as string];
  if (rename === undefined) return { sdl, supergraphSdl, publicSdl };
  const renamed = supergraphSdl
    .replaceAll(new RegExp(`@${directive}\\b`, 'g'), '@guard')
    .replace(`specs.apollo.dev/${directive}/v0.1",`, `$&${rename}`);
  expect(renamed).toContain(rename);
  return { sdl, supergraphSdl: renamed, publicSdl };
}

describe.each(namings)('%s', (naming) => {
  describe.each(Object.keys(directives) as Directive[])('@%s', (directive) => {
    let engine: GraphEngine<{ readonly caller: Caller; ran: number }>;
    let publicSdl: string;
    beforeAll(async () => {
      const supergraph = supergraphOf(directive, naming);
      ({ publicSdl } = supergraph);
      const schema = subgraphOf(supergraph.sdl, [], resolvers as never);
      const run = async (request: { document: never }, context: { ran: number }) => {
        context.ran += 1;
        return execute({ schema, document: request.document });
      };
      engine = await createHiveEngine(supergraph, new Map([['all', run as never]]));
    });

    const ask = async (query: string, caller: Caller, mode: 'filter' | 'reject') => {
      const context = { caller, ran: 0 };
      const authorized = authorizedEngine(engine, buildSchema(publicSdl), {
        mode,
        callerOf: () => caller,
        askPolicies: async (names, asking) =>
          new Set(
            asking.kind === 'user' ? names.filter((name) => asking.scopes.includes(name)) : [],
          ),
      });
      const { data, errors } = await authorized.execute({
        document: parse(query),
        operationName: undefined,
        variables: {},
        context,
      });
      return { data: JSON.parse(JSON.stringify(data)), errors, ran: context.ran };
    };
    const refusal = (path: readonly string[], who: Who) =>
      expect.objectContaining({
        message: 'Unauthorized field or type',
        path,
        originalError: expect.objectContaining({
          code: 'UNAUTHORIZED_FIELD_OR_TYPE',
          reason: reasonOf(directive, who),
        }),
      });

    describe.each(Object.keys(locations) as (keyof typeof locations)[])('on %s', (location) => {
      const { ask: selection, has, denied, path } = locations[location];
      const [name = ''] = path;

      it.each(Object.keys(callers) as Who[])('filters for %s', async (who) => {
        const { data, errors } = await ask(`{ open ${selection} }`, callers[who], 'filter');
        if (isAllowed(directive, who)) {
          expect(errors).toBeUndefined();
          expect(data).toEqual({ open: 1, [name]: has });
        } else {
          expect(errors).toEqual([refusal(path, who)]);
          expect(data).toEqual({ open: 1, [name]: denied });
        }
      });

      it.each(Object.keys(callers) as Who[])('rejects for %s', async (who) => {
        const { data, errors, ran } = await ask(`{ open ${selection} }`, callers[who], 'reject');
        if (isAllowed(directive, who)) {
          expect(data).toEqual({ open: 1, [name]: has });
        } else {
          expect(errors).toEqual([refusal(path, who)]);
          expect({ data, ran }).toEqual({ data: null, ran: 0 });
        }
      });
    });

    it.each(['field', 'object', 'scalar'])(
      'gives what is open to everybody under the name of what is not: %s',
      async (name) => {
        const { data, errors } = await ask(`{ ${name}: open }`, callers.anonymous, 'reject');
        expect(errors).toBeUndefined();
        expect(data).toEqual({ [name]: 1 });
      },
    );

    it('runs nothing when nothing is left', async () => {
      const { data, errors, ran } = await ask('{ field scalar }', callers.anonymous, 'filter');
      expect({ data, ran }).toEqual({ data: null, ran: 0 });
      expect(errors).toEqual([refusal(['field'], 'anonymous'), refusal(['scalar'], 'anonymous')]);
    });
  });
});

describe('rules that meet', () => {
  const link =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes", "@policy", "@shareable"])';
  const shared = (rule: string) => `${link} type Query { open: Int @shareable
    both: Int @shareable ${rule} }`;
  const every = '@authenticated @requiresScopes(scopes: [["a"]]) @policy(policies: [["p"]])';

  it.each([
    ['on one field', [shared(every)]],
    [
      'of two subgraphs',
      [shared('@requiresScopes(scopes: [["a"]])'), shared('@policy(policies: [["p"]])')],
    ],
  ])('%s hold all', async (_where, sdls) => {
    const subgraphs = sdls.map((sdl, index) => ({ name: `s${index}`, url: 'http://s', sdl }));
    const supergraph = composeSupergraph(subgraphs);
    const run = async ({ document }: { document: never }) =>
      execute({
        schema: buildSchema(supergraph.publicSdl),
        document,
        rootValue: { open: 1, both: 2 },
      });
    const engine = await createHiveEngine<object>(
      supergraph,
      new Map(subgraphs.map(({ name }) => [name, run as never])),
    );
    const answers = async (scope: string, policy: string) => {
      const authorized = authorizedEngine(engine, buildSchema(supergraph.publicSdl), {
        mode: 'filter',
        callerOf: () => user(scope),
        askPolicies: async () => new Set([policy]),
      });
      const document = parse('{ open both }');
      const { data } = await authorized.execute({
        document,
        operationName: undefined,
        variables: {},
        context: {},
      });
      return data?.both;
    };
    expect(await answers('a', 'p')).toBe(2);
    expect(await answers('a', 'x')).toBeNull();
    expect(await answers('x', 'p')).toBeNull();
  });
});
