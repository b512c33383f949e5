import { type Dispatcher, request } from 'undici';
import {
  askPolicyService,
  type EvaluatePolicies,
  noPolicies,
  type OnPolicyFailure,
  readPolicyModule,
} from '../federation/authorization/policies.ts';
import { withReservedPolicies } from '../federation/authorization/reserved-policies.ts';
import { createFairPlaces } from '../federation/fair-places.ts';
import type { Base } from './base.ts';
import { loadPolicyModule } from './load-policy-module.ts';

/** Milliseconds. */
const policyTimeout = 2_000;
/** Questions that it has to answer at the same time. */
const places = 512;

/** The policies that we decide ourselves, and those of the team's. @throws Error as below */
export async function openPolicies(base: Base, dispatcher: Dispatcher): Promise<EvaluatePolicies> {
  return withReservedPolicies(await openTeamPolicies(base, dispatcher), base.now);
}

/** The policies of the team's, out of a module or a service. @throws Error when the policy module can't be loaded */
async function openTeamPolicies(
  { config, log }: Base,
  dispatcher: Dispatcher,
): Promise<EvaluatePolicies> {
  const { policies } = config.federation.authorization;
  const onFailure: OnPolicyFailure = (policy, err) => log.error({ policy, err }, 'policy.failed');
  if (policies === undefined) return noPolicies(onFailure);
  if (!/^https?:/.test(policies)) {
    return readPolicyModule(() => loadPolicyModule(policies), onFailure);
  }
  const takePlace = createFairPlaces(places);
  return askPolicyService(async (question) => {
    const { caller } = question;
    const signal = AbortSignal.timeout(policyTimeout);
    const leave = await takePlace(caller.kind === 'user' ? caller.userId : 'anonymous', signal);
    try {
      const response = await request(policies, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(question),
        dispatcher,
        signal,
      });
      if (response.statusCode === 200) return await response.body.json();
      await response.body.dump();
      throw new Error(`status ${response.statusCode}`);
    } finally {
      leave();
    }
  }, onFailure);
}
