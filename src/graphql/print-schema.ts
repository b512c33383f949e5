import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { type Administration, createAdministrationSchema } from './administration/schema.ts';
import { printSubgraphSchema } from './federated-schema.ts';
import { type Names, withNames } from './names.ts';
import { createSchema, type UseCases } from './schema.ts';

/** The public schema in the schema definition language, in a stable order. */
export function printPublicSchema(names: Names = {}): string {
  return print(namedSchema(names));
}

/** The administrators' schema, likewise. */
export function printAdministrationSchema(): string {
  return print(createAdministrationSchema(unused<Administration>()));
}

/** The auth schema as the subgraph that it is of the team's graph. */
export function printAuthSubgraph(names: Names = {}): string {
  return printSubgraphSchema(namedSchema(names), names);
}

function namedSchema(names: Names): GraphQLSchema {
  return withNames(createSchema(unused<UseCases>()), names);
}

function print(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

function unused<UseCases extends object>(): UseCases {
  const unusable = () => Promise.reject(new Error('a printed schema runs nothing'));
  return new Proxy({} as UseCases, { get: () => unusable });
}
