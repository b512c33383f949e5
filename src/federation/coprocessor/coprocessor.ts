import type { EvaluatePolicies } from '../authorization/policies.ts';
import { CoprocessorMisused } from '../errors.ts';
import type { Caller, IdentityRecipient, MintIdentity } from '../identity/mint-identity.ts';
import { answerApolloRouter, isOfApolloRouter } from './apollo-router.ts';
import { answerHiveRouter, isOfHiveRouter } from './hive-router.ts';

/** What a stage can do with the parts of Gatehouse. */
export interface CoprocessorOptions {
  /** Who sent this Authorization header. @throws DomainError for a token that is bad */
  readonly callerOf: (authorization: string | undefined) => Promise<Caller>;
  readonly evaluatePolicies: EvaluatePolicies;
  readonly mintIdentity: MintIdentity;
  readonly recipientOf: (subgraph: string) => IdentityRecipient;
  /** The auth schema's name in the router's graph: a stale token must not keep it from a refresh. */
  readonly authSubgraph: string;
  /** An error as clients get it, with its HTTP status. */
  readonly toRefusal: (error: unknown) => CoprocessorRefusal;
}

export interface CoprocessorRefusal {
  readonly status: number;
  readonly error: object;
}

/**
 * Answers one request of a router's coprocessor protocol.
 *
 * @param body as it arrived: identity tokens are made for the exact text of what it holds
 * @throws CoprocessorMisused
 */
export type AnswerRouter = (body: string) => Promise<object>;

/**
 * Speaks the coprocessor protocols of Apollo Router 2 and Hive Router, both version 1.
 *
 * Attack: whoever reaches this endpoint writes claims into its input, and has identity tokens made for
 * anybody. So it believes no claims: it takes the access token itself, and checks it, and whether it
 * was revoked, as the gateway does.
 */
export function createCoprocessor(options: CoprocessorOptions): AnswerRouter {
  return async (body) => {
    const payload = parse(body);
    if (isOfApolloRouter(payload)) return answerApolloRouter(options, payload, body);
    if (isOfHiveRouter(payload)) return answerHiveRouter(options, payload);
    throw new CoprocessorMisused('no stage of a protocol that is known');
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new CoprocessorMisused('no JSON');
  }
}
