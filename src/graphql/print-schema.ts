import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from './schema.ts';

/** The public schema in the schema definition language, in a stable order. */
export function printPublicSchema(): string {
  const unused = () => Promise.reject(new Error('a printed schema runs nothing'));
  const useCases = { register: unused, logIn: unused, refreshSession: unused, logOut: unused };
  return `${printSchema(lexicographicSortSchema(createSchema(useCases)))}\n`;
}
