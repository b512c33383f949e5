import type { Caller } from '../federation/identity/mint-identity.ts';
import { type CurrentUser, type GraphQLContext, requireUser } from '../graphql/context.ts';

/** Whom subgraphs are told of. @throws AccessRefused for a bad token: it is no anonymous caller */
export function callerOf(context: Pick<GraphQLContext, 'authentication' | 'user'>): Caller {
  if (context.authentication.kind === 'anonymous') return { kind: 'anonymous' };
  return callerFrom(requireUser(context));
}

/** A person, as subgraphs are told of them. */
export function callerFrom(user: CurrentUser): Caller {
  const { id, sessionId, scopes, roles, actorId, acr, amr, authTime } = user;
  const actor = actorId === null ? {} : { actorId };
  return { kind: 'user', userId: id, sessionId, scopes, roles, acr, amr, authTime, ...actor };
}
