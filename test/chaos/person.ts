import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, ApiRequest, Outcome, Payload } from './api-client.ts';
import type { Branches } from './branches.ts';
import type { Ledger } from './ledger.ts';

/** What everybody who takes part is given. */
export interface Stage {
  readonly ledger: Ledger;
  readonly branches: Branches;
  readonly newClient: () => ApiClient;
  readonly random: () => number;
  /** Whether tabs refresh with a new cookie while answers to an older one are still under way. */
  readonly mayOvertake: boolean;
  /** False when the run is over. */
  readonly isOpen: () => boolean;
  /** Milliseconds until then. */
  readonly remaining: () => number;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** A tenth of a second to a second, longer with each attempt: what a polite client waits. */
export function backOff(attempt: number, random: () => number): Promise<void> {
  return sleep(Math.min(1_000, 100 * 2 ** attempt) * (0.5 + random()));
}

/**
 * Repeats a request until it has an answer that repeating can't change: the good client's duty after
 * a retryable refusal, and after no answer at all.
 */
export async function insist(
  stage: Stage,
  send: () => Promise<Outcome>,
  onLost: () => Promise<void> = async () => {},
): Promise<Exclude<Outcome, { readonly kind: 'lost' }>> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await send();
    if (outcome.kind === 'answered') return outcome;
    if (outcome.kind === 'refused' && !outcome.retryable) return outcome;
    if (outcome.kind === 'lost') await onLost();
    await backOff(attempt, stage.random);
  }
}

/** Makes an account. @throws Error when that can't be done, in times of peace */
export async function register(stage: Stage, name: string): Promise<Account> {
  const account = { email: `${name}@example.com`, password: 'correct horse battery staple' };
  const client = stage.newClient();
  const input = { ...account, delivery: 'BODY' };
  const outcome = await insist(stage, () =>
    client.send({ operation: 'Register', variables: { input } }),
  );
  client.close();
  if (outcome.kind !== 'answered')
    throw new Error(`nobody can register: ${JSON.stringify(outcome)}`);
  return account;
}

export async function logIn(
  stage: Stage,
  client: ApiClient,
  account: Account,
  delivery: 'BODY' | 'COOKIE',
): Promise<Payload> {
  const input = { identifier: account.email, password: account.password, delivery };
  for (;;) {
    const outcome = await insist(stage, () =>
      client.send({ operation: 'Login', variables: { input } }),
    );
    if (outcome.kind === 'answered' && outcome.data.login) return outcome.data.login;
    stage.ledger.note('wrong', `log-in refused: ${JSON.stringify(outcome)}`);
    await backOff(4, stage.random);
  }
}

/** What `me` says of an access token; anything but data, a refusal as revoked or a retry is wrong. */
export async function askMe(
  { ledger }: Stage,
  client: ApiClient,
  account: Account,
  { operation, accessToken }: ApiRequest & { readonly operation: 'Me' | 'Person' },
): Promise<'good' | 'revoked' | 'expired' | 'unknown'> {
  const outcome = await client.send({ operation, accessToken });
  if (outcome.kind === 'lost') return 'unknown';
  if (outcome.kind === 'answered') {
    const { me } = outcome.data;
    const isRight = me && (operation === 'Me' || me.email === account.email);
    if (!isRight) ledger.note('wrong', `${operation} answered ${JSON.stringify(outcome.data)}`);
    return 'good';
  }
  if (outcome.reason === 'SESSION_REVOKED') return 'revoked';
  if (outcome.reason === 'TOKEN_EXPIRED') return 'expired';
  if (!outcome.retryable) ledger.note('wrong', `${operation} refused: ${outcome.reason}`);
  return 'unknown';
}
