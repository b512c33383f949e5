import { parse } from 'graphql';
import { z } from 'zod';
import { DomainError } from '../../core/domain-error.ts';
import { type IdentityOperation, identityHeader } from '../../subgraph/identity-token.ts';
import { CoprocessorMisused } from '../errors.ts';
import type { Caller } from '../identity/mint-identity.ts';
import type { CoprocessorOptions } from './coprocessor.ts';
import { decidePolicies } from './decide-policies.ts';
import { rawMember } from './raw-member.ts';

/** Where the client's Authorization header waits for the stages that come later. */
const authorizationKey = 'gatehouse::authorization';
const policiesKey = 'apollo::authorization::required_policies';

const payloadSchema = z.object({
  version: z.literal(1),
  stage: z.enum([
    'RouterRequest',
    'RouterResponse',
    'SupergraphRequest',
    'SupergraphResponse',
    'ExecutionRequest',
    'ExecutionResponse',
    'SubgraphRequest',
    'SubgraphResponse',
  ]),
  id: z.string().max(200).nullish(),
  headers: z.record(z.string(), z.array(z.string())).optional(),
  context: z.object({ entries: z.record(z.string(), z.unknown()) }).optional(),
  serviceName: z.string().optional(),
  body: z.unknown().optional(),
});
type Payload = z.infer<typeof payloadSchema>;

export function isOfApolloRouter(payload: unknown): boolean {
  return /^(Router|Supergraph|Execution|Subgraph)Re(quest|sponse)$/.test(stageOf(payload));
}

/**
 * Answers a stage of Apollo Router (coprocessor reference, version 1). `RouterRequest` keeps the
 * access token for the others, `SupergraphRequest` decides policies, `SubgraphRequest` adds the
 * identity token. Every other stage goes on unchanged.
 *
 * @throws CoprocessorMisused
 */
export async function answerApolloRouter(
  options: CoprocessorOptions,
  given: unknown,
  rawPayload: string,
): Promise<object> {
  const { data: payload, error } = payloadSchema.safeParse(given);
  if (!payload) throw new CoprocessorMisused(`not of version 1: ${error.issues[0]?.message}`);
  const { version, stage, id } = payload;
  const envelope = { version, stage, ...(id === undefined ? {} : { id }) };
  try {
    const changes = await changesOf(options, payload, rawPayload);
    return { ...envelope, control: 'continue', ...changes };
  } catch (failure) {
    if (!(failure instanceof DomainError)) throw failure;
    const refusal = options.toRefusal(failure);
    const body = { errors: [refusal.error] };
    return { ...envelope, control: { break: refusal.status }, body };
  }
}

async function changesOf(
  options: CoprocessorOptions,
  payload: Payload,
  rawPayload: string,
): Promise<object> {
  const requestId = payload.id ?? '';
  switch (payload.stage) {
    case 'RouterRequest': {
      if (!payload.headers) throw new CoprocessorMisused('RouterRequest without headers');
      return { context: { entries: { [authorizationKey]: bearerIn(payload.headers) } } };
    }
    case 'SupergraphRequest': {
      const required = payload.context?.entries[policiesKey];
      if (required === undefined || required === null) return {};
      const authorization = authorizationOf(payload);
      const decided = await decidePolicies(options, required, authorization, requestId);
      return { context: { entries: { [policiesKey]: decided } } };
    }
    case 'SubgraphRequest': {
      const { headers, serviceName } = payload;
      const body = rawMember(rawPayload, 'body');
      if (!headers || serviceName === undefined || body === undefined) {
        throw new CoprocessorMisused('SubgraphRequest without headers, body or service_name');
      }
      const token = options.mintIdentity(
        await callerFor(options, serviceName, authorizationOf(payload)),
        options.recipientOf(serviceName),
        { requestId, operation: operationOf(payload.body), body },
      );
      return { headers: { ...without(headers, identityHeader), [identityHeader]: [token] } };
    }
    default:
      return {};
  }
}

/** A client sends its stale token with a refresh too: towards the auth schema it says nothing. */
async function callerFor(
  { callerOf, authSubgraph }: CoprocessorOptions,
  subgraph: string,
  authorization: string | undefined,
): Promise<Caller> {
  try {
    return await callerOf(authorization);
  } catch (error) {
    if (subgraph === authSubgraph && error instanceof DomainError) return { kind: 'anonymous' };
    throw error;
  }
}

/** Of two headers neither counts: nobody knows which one the router looked at. */
function bearerIn(headers: Readonly<Record<string, readonly string[]>>): string | null {
  const given = Object.entries(headers).flatMap(([name, values]) =>
    name.toLowerCase() === 'authorization' ? values : [],
  );
  return given.length === 1 ? (given[0] ?? null) : null;
}

/** @throws CoprocessorMisused when it was not kept: everybody would be anonymous without a word */
function authorizationOf({ stage, context }: Payload): string | undefined {
  const kept = context?.entries[authorizationKey];
  if (kept === null) return undefined;
  if (typeof kept !== 'string') {
    throw new CoprocessorMisused(`${stage} without ${authorizationKey} in its context`);
  }
  return kept;
}

function without<Value>(
  headers: Readonly<Record<string, Value>>,
  name: string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name));
}

function operationOf(body: unknown): IdentityOperation {
  const { query } = Object(body) as { readonly query?: unknown };
  try {
    for (const definition of parse(String(query), { noLocation: true }).definitions) {
      if (definition.kind === 'OperationDefinition') return definition.operation;
    }
  } catch {
    // Said below.
  }
  throw new CoprocessorMisused('SubgraphRequest without an operation');
}

function stageOf(payload: unknown): string {
  const { stage } = Object(payload) as { readonly stage?: unknown };
  return typeof stage === 'string' ? stage : '';
}
