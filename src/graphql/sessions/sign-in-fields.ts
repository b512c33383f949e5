import { type GraphQLSchema, getNamedType } from 'graphql';

/** The mutations whose answer is a new access token. */
export function signInFieldsOf(schema: GraphQLSchema): ReadonlySet<string> {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  const signIns = fields.filter(({ type }) => getNamedType(type).name === 'AuthPayload');
  return new Set(signIns.map(({ name }) => name));
}
