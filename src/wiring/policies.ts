import { type Dispatcher, request } from 'undici';
import {
  askPolicyService,
  type EvaluatePolicies,
  noPolicies,
  type OnPolicyFailure,
  readPolicyModule,
} from '../federation/authorization/policies.ts';
import type { Base } from './base.ts';
import { loadPolicyModule } from './load-policy-module.ts';

/** Milliseconds. */
const policyTimeout = 2_000;

/** The policies of the team's, out of a module or a service. @throws Error when the policy module can't be loaded */
export async function openPolicies(
  { config, log }: Base,
  dispatcher: Dispatcher,
): Promise<EvaluatePolicies> {
  const { policies } = config.federation.authorization;
  const onFailure: OnPolicyFailure = (policy, err) => log.error({ policy, err }, 'policy.failed');
  if (policies === undefined) return noPolicies(onFailure);
  if (!/^https?:/.test(policies)) {
    return readPolicyModule(() => loadPolicyModule(policies), onFailure);
  }
  return askPolicyService(async (body) => {
    const response = await request(policies, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      dispatcher,
      signal: AbortSignal.timeout(policyTimeout),
    });
    if (response.statusCode === 200) return response.body.json();
    await response.body.dump();
    throw new Error(`status ${response.statusCode}`);
  }, onFailure);
}
