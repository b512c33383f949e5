import type { AuthCheckerFn } from 'type-graphql';
import { ScopeMissing } from '../access/errors.ts';
import { type GraphQLContext, requireUser } from './context.ts';

/**
 * What `@Authorized` means: without arguments somebody is signed in, as `@authenticated`; with scopes,
 * their access token holds one of them, as `@requiresScopes`. It throws what is wrong, so that "log in"
 * and "you may not" stay two answers.
 *
 * @throws AccessRefused, ScopeMissing
 */
export const checkAuthorization: AuthCheckerFn<GraphQLContext, string> = ({ context }, scopes) => {
  const user = requireUser(context);
  if (scopes.length > 0 && !scopes.some((scope) => user.scopes.includes(scope))) {
    throw new ScopeMissing();
  }
  return true;
};
