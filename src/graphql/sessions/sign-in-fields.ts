import { type GraphQLSchema, getNamedType } from 'graphql';
import { type Names, nameIn } from '../names.ts';

/** The mutations whose answer is a new access token, of the auth schema under these names. */
export function signInFieldsOf(schema: GraphQLSchema, names: Names): ReadonlySet<string> {
  const payload = nameIn(names, 'AuthPayload');
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  const signIns = fields.filter(({ type }) => getNamedType(type).name === payload);
  return new Set(signIns.map(({ name }) => name));
}
