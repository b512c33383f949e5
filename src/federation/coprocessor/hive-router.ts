import { z } from 'zod';
import { DomainError } from '../../core/domain-error.ts';
import { CoprocessorMisused } from '../errors.ts';
import type { CoprocessorOptions } from './coprocessor.ts';
import { decidePolicies } from './decide-policies.ts';

const policiesKey = 'hive::authorization::required_policies';

const payloadSchema = z.object({
  version: z.literal(1),
  stage: z.string(),
  id: z.string().max(200).optional(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
});

const goOn = { version: 1, control: 'continue' } as const;

export function isOfHiveRouter(payload: unknown): boolean {
  const { stage } = Object(payload) as { readonly stage?: unknown };
  return typeof stage === 'string' && /^(router|graphql)\.[a-z]+$/.test(stage);
}

/**
 * Answers a stage of Hive Router (coprocessor protocol, version 1): `graphql.analysis` decides
 * policies, every other stage goes on unchanged. Hive Router asks nobody about its requests to
 * subgraphs, so there are no identity tokens behind it.
 *
 * @throws CoprocessorMisused
 */
export async function answerHiveRouter(
  options: CoprocessorOptions,
  given: unknown,
): Promise<object> {
  const { data: payload, error } = payloadSchema.safeParse(given);
  if (!payload) throw new CoprocessorMisused(`not of version 1: ${error.issues[0]?.message}`);
  const { stage, headers, context, id = '' } = payload;
  const required = context?.[policiesKey];
  if (stage !== 'graphql.analysis' || required === undefined || required === null) return goOn;
  if (!headers) throw new CoprocessorMisused('graphql.analysis without headers');
  const { authorization } = headers;
  try {
    const bearer = typeof authorization === 'string' ? authorization : undefined;
    const decided = await decidePolicies(options, required, bearer, id);
    return { ...goOn, context: { [policiesKey]: decided } };
  } catch (failure) {
    if (!(failure instanceof DomainError)) throw failure;
    const refusal = options.toRefusal(failure);
    return {
      version: 1,
      control: { break: refusal.status },
      headers: { 'content-type': 'application/json' },
      body: { errors: [refusal.error] },
    };
  }
}
