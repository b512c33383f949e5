import { ScopeMissing } from '../../access/errors.ts';
import type { Administrator } from '../../administration/administrator.ts';
import { UserNotFound } from '../../administration/errors.ts';
import { BadUserInput } from '../../core/domain-error.ts';
import { isId } from '../../core/random.ts';
import { codePoints } from '../../core/text.ts';
import { type GraphQLContext, requireUser } from '../context.ts';

const longestReason = 500;

/** Who asks, with the reason that they give. @throws BadUserInput without one */
export function administratorOf(
  context: GraphQLContext,
  reason: string,
): Administrator & { readonly id: string; readonly sessionId: string } {
  const { id, sessionId, scopes } = requireUser(context);
  const given = reason.trim();
  if (given === '' || codePoints(given) > longestReason) {
    const message = `Say why, in at most ${longestReason} characters.`;
    throw new BadUserInput([{ path: 'reason', rule: 'REASON', message }]);
  }
  return { id, sessionId, scopes, client: context.client, reason: given };
}

/** For what needs a second scope besides that of its operation. @throws ScopeMissing */
export function assertScope(context: GraphQLContext, scope: string): void {
  if (!requireUser(context).scopes.includes(scope)) throw new ScopeMissing();
}

/** An id as an argument names it. What can be none is nobody's. @throws UserNotFound */
export function userIdOf(text: string): string {
  if (!isId(text)) throw new UserNotFound();
  return text;
}

/** Ids of a filter. @throws BadUserInput for what can be none */
export function assertIds(ids: Readonly<Record<string, string | null | undefined>>): void {
  const problems = Object.entries(ids)
    .filter(([, id]) => (id ?? null) !== null && !isId(id ?? ''))
    .map(([path]) => ({ path: `filter.${path}`, rule: 'ID', message: 'This is no id.' }));
  if (problems.length > 0) throw new BadUserInput(problems);
}
