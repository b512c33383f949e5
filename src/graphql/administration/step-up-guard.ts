import type { MiddlewareFn } from 'type-graphql';
import type { AssertSteppedUp } from '../../factors/assert-stepped-up.ts';
import { type GraphQLContext, requireUser } from '../context.ts';

/** What helps in an emergency, and gives nobody anything. */
const atOnce: ReadonlySet<string> = new Set(['disableUser', 'revokeSessions']);

/** Every mutation asks for two factors of the last minutes, but for those that may not wait. */
export function createStepUpGuard(assertSteppedUp: AssertSteppedUp): MiddlewareFn<GraphQLContext> {
  return async ({ context, info }, next) => {
    const isMutation = info.parentType === info.schema.getMutationType();
    if (isMutation && !atOnce.has(info.fieldName)) await assertSteppedUp(requireUser(context));
    return next();
  };
}
