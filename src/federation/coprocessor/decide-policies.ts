import { CoprocessorMisused } from '../errors.ts';
import type { CoprocessorOptions } from './coprocessor.ts';

/**
 * Answers the policies that a router asks about.
 *
 * @param required as the router has it in its context: policies by name, none of them decided
 * @throws DomainError for a token that is bad; CoprocessorMisused
 */
export async function decidePolicies(
  { callerOf, evaluatePolicies }: CoprocessorOptions,
  required: unknown,
  authorization: string | undefined,
  requestId: string,
): Promise<Readonly<Record<string, boolean>>> {
  if (typeof required !== 'object' || required === null || Array.isArray(required)) {
    throw new CoprocessorMisused('the required policies are no object');
  }
  const names = Object.keys(required);
  const caller = await callerOf(authorization);
  const allowed = await evaluatePolicies(names, { caller, requestId });
  return Object.fromEntries(names.map((name) => [name, allowed.has(name)]));
}
