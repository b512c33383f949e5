import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema, type UseCases } from './schema.ts';

/** The public schema in the schema definition language, in a stable order. */
export function printPublicSchema(): string {
  const unused = () => Promise.reject(new Error('a printed schema runs nothing'));
  const useCases = new Proxy({} as UseCases, { get: () => unused });
  return `${printSchema(lexicographicSortSchema(createSchema(useCases)))}\n`;
}
