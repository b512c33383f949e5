import { type GraphQLSchema, getNamedType } from 'graphql';
import { type Names, nameIn } from '../names.ts';

/** The mutations whose answer is a new access token, by their names in the graph. */
export function signInFieldsOf(schema: GraphQLSchema, names: Names): ReadonlySet<string> {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  const signIns = fields.filter(({ type }) => getNamedType(type).name === 'AuthPayload');
  const there = signIns.filter(({ name }) => names[name] !== false);
  return new Set(there.map(({ name }) => nameIn(names, name)));
}
