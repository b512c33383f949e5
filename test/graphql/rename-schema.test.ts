import {
  type ExecutionResult,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  graphql,
  parse,
  printSchema,
  subscribe,
} from 'graphql';
import { renameSchema } from '../../src/graphql/rename-schema.ts';

const Colour = new GraphQLEnumType({
  name: 'Colour',
  values: { RED: { value: 1 }, BLUE: { value: 2 } },
});
const Filter: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Filter',
  fields: () => ({ colour: { type: Colour, defaultValue: 2 }, not: { type: Filter } }),
});
const Person: GraphQLObjectType = new GraphQLObjectType({
  name: 'Person',
  fields: () => ({
    email: { type: GraphQLString, resolve: () => 'ada@example.com' },
    friends: { type: new GraphQLNonNull(new GraphQLList(Person)), resolve: () => [{}] },
  }),
});
const Unused = new GraphQLObjectType({ name: 'Unused', fields: { a: { type: GraphQLString } } });
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      me: { type: Person, resolve: () => ({}) },
      seen: {
        type: Colour,
        args: { filter: { type: Filter } },
        resolve: (_source, { filter }) => filter.colour,
      },
      gone: { type: Unused },
    },
  }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      ticks: {
        type: GraphQLString,
        async *subscribe() {
          yield 'tick';
        },
        resolve: (event) => event,
      },
    },
  }),
});
const names: Readonly<Record<string, string>> = {
  Person: 'Account',
  Filter: 'Choice',
  Colour: 'Paint',
  me: 'viewer',
  email: 'address',
  ticks: 'beats',
};
const renamed = renameSchema(
  schema,
  {
    ofType: (type) => names[type] ?? type,
    ofField: (_type, field) => (field === 'gone' ? undefined : (names[field] ?? field)),
  },
  [],
);

describe('a schema under other names', () => {
  it('says what it said, but for what was left out and what only that needed', () => {
    const expected = printSchema(schema)
      .replaceAll('Person', 'Account')
      .replaceAll('Filter', 'Choice')
      .replaceAll('Colour', 'Paint')
      .replace('me:', 'viewer:')
      .replace('email:', 'address:')
      .replace('ticks:', 'beats:')
      .replace('  gone: Unused\n', '')
      .replace(/type Unused \{[^}]*\}\n\n/, '');
    expect(printSchema(renamed).split('\n\n').sort()).toEqual(expected.split('\n\n').sort());
  });

  it('answers what it answered, values of enums and defaults of inputs included', async () => {
    const source = '{ viewer { address friends { address } } seen(filter: { not: {} }) }';
    expect(await graphql({ schema: renamed, source })).toEqual({
      data: {
        viewer: { address: 'ada@example.com', friends: [{ address: 'ada@example.com' }] },
        seen: 'BLUE',
      },
    });
  });

  it('tells of events', async () => {
    const events = await subscribe({ schema: renamed, document: parse('subscription { beats }') });
    const { value } = await (events as AsyncGenerator<ExecutionResult>).next();
    expect(value).toEqual({ data: { beats: 'tick' } });
  });

  it('leaves the schema that it was made of as it is', async () => {
    expect(await graphql({ schema, source: '{ me { email } }' })).toEqual({
      data: { me: { email: 'ada@example.com' } },
    });
  });
});
