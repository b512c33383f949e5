import { z } from 'zod';
import type { Caller } from '../identity/mint-identity.ts';

/** What a policy is told. */
export interface PolicyRequest {
  readonly caller: Caller;
  /** The client's request, for the policy's own log. */
  readonly requestId: string;
}

/** A policy of the team's: whether the caller may. One that throws has said no. */
export type Policy = (request: PolicyRequest) => boolean | Promise<boolean>;

/** Answers the policies of `@policy`. */
export type EvaluatePolicies = (
  names: readonly string[],
  request: PolicyRequest,
) => Promise<ReadonlySet<string>>;

/** Told of a policy that nobody has, or that failed. */
export type OnPolicyFailure = (policy: string, error: unknown) => void;

const policyModule = z.object({
  policies: z.record(
    z.string(),
    z.custom<Policy>((value) => typeof value === 'function'),
  ),
});

/**
 * Reads the policies of a module that exports `policies`, functions by name.
 *
 * @throws Error when it does not
 */
export async function readPolicyModule(
  load: () => Promise<unknown>,
  onFailure: OnPolicyFailure,
): Promise<EvaluatePolicies> {
  const { policies } = policyModule.parse(await load());
  return (names, request) =>
    allowedOf(names, onFailure, async (name) => {
      const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
      if (!policy) throw new Error('no such policy');
      return policy(request);
    });
}

/** Where no policy is configured, none says yes. */
export function noPolicies(onFailure: OnPolicyFailure): EvaluatePolicies {
  return (names) => allowedOf(names, onFailure, () => Promise.reject(new Error('no policies')));
}

/** What a policy service is sent. */
export interface PolicyQuestion extends PolicyRequest {
  readonly policies: readonly string[];
}

const policyAnswer = z.object({ allowed: z.array(z.string()) });

/**
 * Asks a service: it gets `{ policies, caller, requestId }` and answers `{ allowed: [names] }`. What
 * it does not name, and everything while it does not answer, is denied.
 *
 * @param post sends a JSON body and returns the parsed answer
 */
export function askPolicyService(
  post: (question: PolicyQuestion) => Promise<unknown>,
  onFailure: OnPolicyFailure,
): EvaluatePolicies {
  return async (names, { caller, requestId }) => {
    try {
      const { allowed } = policyAnswer.parse(await post({ policies: names, caller, requestId }));
      return new Set(allowed.filter((name) => names.includes(name)));
    } catch (error) {
      onFailure(names.join(), error);
      return new Set();
    }
  };
}

async function allowedOf(
  names: readonly string[],
  onFailure: OnPolicyFailure,
  isAllowed: (name: string) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const verdicts = await Promise.all(
    names.map(async (name) => {
      try {
        // Anything but true is a no, whatever a module without types returns.
        return (await isAllowed(name)) === true;
      } catch (error) {
        onFailure(name, error);
        return false;
      }
    }),
  );
  return new Set(names.filter((_, index) => verdicts[index]));
}
