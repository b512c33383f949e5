import { type AssuranceLevel, isFresh, isNothing, reaches } from '../../core/assurance.ts';
import type { Clock } from '../../core/clock.ts';
import type { StepUpDemand } from '../../core/domain-error.ts';
import { parseDuration } from '../../core/duration.ts';
import type { Caller } from '../identity/mint-identity.ts';
import type { EvaluatePolicies } from './policies.ts';
import type { Requirement, RequirementCaller } from './requirement.ts';

const prefix = 'gatehouse:';

/** What a name asks for that we decide ourselves, by what the caller has shown. */
type ReservedPolicy =
  | { readonly kind: 'level'; readonly acr: AssuranceLevel }
  | { readonly kind: 'fresh'; readonly seconds: number };

/** Whether a name is kept for us: no module and no service is asked for it. */
export function isReserved(name: string): boolean {
  return name.startsWith(prefix);
}

/**
 * Reads `gatehouse:aal2`, `gatehouse:phr` and `gatehouse:fresh(5m)`.
 *
 * @returns undefined for what is none of them
 */
export function readReservedPolicy(name: string): ReservedPolicy | undefined {
  const wanted = name.slice(prefix.length);
  if (wanted === 'aal2' || wanted === 'phr') return { kind: 'level', acr: wanted };
  const [, duration = ''] = /^fresh\((\w+)\)$/.exec(wanted) ?? [];
  const seconds = Math.floor((parseDuration(duration) ?? 0) / 1_000);
  return seconds > 0 ? { kind: 'fresh', seconds } : undefined;
}

/**
 * Decides reserved names, and leaves the others to whoever decides policies here.
 *
 * Attack: an administrator who acts as somebody, with a token that is a minute old and for which nobody
 * has shown to be that person. To them each of these says no; and to guests, who have shown nothing, now or
 * ever.
 */
export function withReservedPolicies(evaluate: EvaluatePolicies, now: Clock): EvaluatePolicies {
  return async (names, request) => {
    const reserved = names.filter(isReserved);
    if (reserved.length === 0) return evaluate(names, request);
    const others = names.filter((name) => !isReserved(name));
    const allowed = others.length === 0 ? [] : await evaluate(others, request);
    const at = now();
    return new Set([...allowed, ...reserved.filter((name) => holds(name, request.caller, at))]);
  };
}

/** What a caller would have to show, and nothing else, to meet a requirement; undefined where that is not all. */
export function stepUpFor(
  requirement: Requirement,
  caller: Caller,
  { policies }: RequirementCaller,
): StepUpDemand | undefined {
  if (requirement.kind !== 'policies') return undefined;
  if (caller.kind !== 'user' || caller.actorId !== undefined) return undefined;
  // A guest has nothing to show: they would be asked for what they can't answer.
  if (isNothing(caller)) return undefined;
  const missing = requirement.anyOf
    .filter((allOf) => allOf.length > 0)
    .map((allOf) => allOf.filter((name) => !policies.has(name)))
    .find((names) => names.every((name) => readReservedPolicy(name) !== undefined));
  return missing && demandOf(missing.map(readReservedPolicy));
}

function holds(name: string, caller: Caller, now: Date): boolean {
  const policy = readReservedPolicy(name);
  if (!policy || caller.kind !== 'user' || caller.actorId !== undefined) return false;
  return policy.kind === 'level'
    ? reaches(caller.acr, policy.acr)
    : !isNothing(caller) && isFresh(caller, policy.seconds, now);
}

function demandOf(policies: readonly (ReservedPolicy | undefined)[]): StepUpDemand {
  const levels = policies.flatMap((policy) => (policy?.kind === 'level' ? [policy.acr] : []));
  const ages = policies.flatMap((policy) => (policy?.kind === 'fresh' ? [policy.seconds] : []));
  const acr = levels.includes('phr') ? 'phr' : (levels[0] ?? 'aal1');
  return { acr, ...(ages.length > 0 ? { maxAge: Math.min(...ages) } : {}) };
}
