import { Agent } from 'undici';
import { authSubgraphName } from '../config/subgraphs.ts';
import { type AnswerRouter, createCoprocessor } from '../federation/coprocessor/coprocessor.ts';
import { CoprocessorMisused } from '../federation/errors.ts';
import { createMintIdentity } from '../federation/identity/mint-identity.ts';
import { defaultSubgraphSettings } from '../federation/subgraph-settings.ts';
import { toCurrentUser } from '../graphql/context.ts';
import { statusOf, toAnswer } from '../graphql/errors.ts';
import type { Authenticate } from '../sessions/authenticate.ts';
import type { Base } from './base.ts';
import { callerOf } from './caller.ts';
import type { Credentials } from './credentials.ts';
import { openPolicies } from './policies.ts';

/** What another router's coprocessor endpoint answers, and how its failures are told. */
export async function openCoprocessor(
  base: Base,
  { keyRing }: Credentials,
  authenticate: Authenticate,
): Promise<{ readonly answer: AnswerRouter; readonly statusOf: (error: unknown) => number }> {
  const { config, now, newId, log, onStop } = base;
  const dispatcher = new Agent({ connect: { timeout: 5_000 } });
  onStop(() => dispatcher.close());
  const { issuer } = config.accessToken;
  const answer = createCoprocessor({
    async callerOf(authorization) {
      const authentication = await authenticate(authorization);
      return callerOf({ authentication, user: toCurrentUser(authentication) });
    },
    evaluatePolicies: await openPolicies(base, dispatcher),
    mintIdentity: createMintIdentity({ keyRing, issuer, now, newId }),
    recipientOf(subgraph) {
      const known = config.federation.subgraphs.find(({ name }) => name === subgraph);
      const { claims } = known ?? defaultSubgraphSettings;
      return { audience: known?.audience ?? subgraph, claims };
    },
    authSubgraph: authSubgraphName,
    toRefusal(error) {
      const refusal = toAnswer({ message: '' }, error);
      return { status: statusOf(refusal.extensions.code), error: refusal };
    },
  });
  return {
    answer,
    statusOf(err) {
      log.error({ err }, 'coprocessor.failed');
      return err instanceof CoprocessorMisused ? 400 : 500;
    },
  };
}
