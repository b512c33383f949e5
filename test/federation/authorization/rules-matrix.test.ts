import { buildSchema, execute, parse } from 'graphql';
import { federatedSchema } from '../../../examples/gateway/federated-schema.ts';
import { authorizedEngine } from '../../../src/federation/authorization/authorized-engine.ts';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import type { GraphEngine } from '../../../src/federation/engine.ts';
import { createHiveEngine } from '../../../src/federation/hive-engine.ts';
import type { Caller } from '../../../src/federation/identity/mint-identity.ts';

const directives = {
  authenticated: '',
  requiresScopes: '(scopes: [["right"], ["also", "both"]])',
  policy: '(policies: [["right"]])',
} as const;
type Directive = keyof typeof directives;

const user = (...scopes: string[]): Caller => ({
  kind: 'user',
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

/** What is asked at each location, what it is when it may be had, and what is null otherwise. */
const locations = {
  FIELD_DEFINITION: { ask: 'field', has: 1, denied: null, path: ['field'] },
  OBJECT: { ask: 'object { x }', has: { x: 1 }, denied: null, path: ['object'] },
  // Composition allows no rule on it, and gives it those of the types behind it.
  INTERFACE: { ask: 'shape { x }', has: { x: 1 }, denied: null, path: ['shape'] },
  SCALAR: { ask: 'scalar', has: 'top', denied: null, path: ['scalar'] },
  ENUM: { ask: 'enum', has: 'HIGH', denied: null, path: ['enum'] },
} as const;

const isAllowed = (directive: Directive, who: Who) =>
  directive === 'authenticated' ? who !== 'anonymous' : who === 'right scope';

const resolvers = {
  Query: {
    open: () => 1,
    field: () => 1,
    object: () => ({ x: 1 }),
    shape: () => ({ __typename: 'Circle', x: 1 }),
    scalar: () => 'top',
    enum: () => 'HIGH',
  },
};

function supergraphOf(directive: Directive, isRenamed: boolean) {
  const rule = `@${isRenamed ? 'guard' : directive}${directives[directive]}`;
  const imported = isRenamed ? `{ name: "@${directive}", as: "@guard" }` : `"@${directive}"`;
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imported}])
    type Query {
      open: Int! field: Int ${rule} object: Secret shape: Shape scalar: Classified enum: Level
    }
    type Secret ${rule} { x: Int }
    interface Shape { x: Int }
    type Circle implements Shape ${rule} { x: Int }
    scalar Classified ${rule}
    enum Level ${rule} { HIGH }`;
  return { sdl, ...composeSupergraph([{ name: 'all', url: 'http://all', sdl }]) };
}

describe.each(['as it is', 'renamed'])('%s', (naming) => {
  describe.each(Object.keys(directives) as Directive[])('@%s', (directive) => {
    let engine: GraphEngine<{ readonly caller: Caller; ran: number }>;
    let publicSdl: string;
    beforeAll(async () => {
      const supergraph = supergraphOf(directive, naming === 'renamed');
      ({ publicSdl } = supergraph);
      const schema = federatedSchema(supergraph.sdl, [], resolvers as never);
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
    const refusal = (path: readonly string[]) =>
      expect.objectContaining({ message: 'Unauthorized field or type', path });

    describe.each(Object.keys(locations) as (keyof typeof locations)[])('on %s', (location) => {
      const { ask: selection, has, denied, path } = locations[location];
      const [name = ''] = path;

      it.each(Object.keys(callers) as Who[])('filters for %s', async (who) => {
        const { data, errors } = await ask(`{ open ${selection} }`, callers[who], 'filter');
        if (isAllowed(directive, who)) {
          expect(errors).toBeUndefined();
          expect(data).toEqual({ open: 1, [name]: has });
        } else {
          expect(errors).toEqual([refusal(path)]);
          expect(data).toEqual({ open: 1, [name]: denied });
        }
      });

      it.each(Object.keys(callers) as Who[])('rejects for %s', async (who) => {
        const { data, errors, ran } = await ask(`{ open ${selection} }`, callers[who], 'reject');
        if (isAllowed(directive, who)) {
          expect(data).toEqual({ open: 1, [name]: has });
        } else {
          expect(errors).toEqual([refusal(path)]);
          expect({ data, ran }).toEqual({ data: null, ran: 0 });
        }
      });
    });

    it('runs nothing when nothing is left', async () => {
      const { data, errors, ran } = await ask('{ field scalar }', callers.anonymous, 'filter');
      expect({ data, ran }).toEqual({ data: null, ran: 0 });
      expect(errors).toEqual([refusal(['field']), refusal(['scalar'])]);
    });
  });
});
