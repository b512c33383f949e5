import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditEventType } from '../audit/audit-events.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { createTurns } from '../core/turns.ts';
import { unreachable } from '../core/unreachable.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import {
  type RefreshToken,
  type RefreshTokens,
  refreshTokenHash,
  successorSecret,
} from '../tokens/refresh-token.ts';
import { RefreshRefused, RefreshSuperseded, type TerminalRefreshReason } from './errors.ts';
import { judgeRefresh, type RefreshWindows } from './judge-refresh.ts';
import { assuranceOf } from './session.ts';
import type { CurrentSession, RefreshFacts, SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

interface RefreshStores {
  readonly accounts: Pick<AccountStore, 'findByIds'>;
  readonly sessions: SessionStore;
  readonly audit: AuditLog;
}

export interface RefreshSessionOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly sessions: Pick<SessionStore, 'rotate' | 'ownerOf'>;
  readonly transact: Transact<RefreshStores>;
  /** Told of a token that we did not make, or no longer know: nothing else is done about it. */
  readonly onRefused: (refusal: RefusedRefreshToken) => void;
  /** Told how each presented token ended: `rotated`, `replayed`, `reused`… Few words, none of them a value. */
  readonly onSettled?: ((outcome: string) => void) | undefined;
  readonly windows: RefreshWindows;
  /** Milliseconds that a refresh token lives unused. */
  readonly refreshTokenTtl: number;
}

export interface RefusedRefreshToken {
  readonly why: string;
  /** Null as far as nothing tells. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly client: Client;
}

/** Milliseconds. Far less than the grace window, which the last of a crowd must not miss by waiting. */
const linePatience = 2_000;

/** How a refresh ended. Nothing is thrown inside the transaction: a revocation must survive the refusal. */
type Outcome =
  | {
      readonly kind: 'signed_in';
      readonly how: 'rotated' | 'replayed' | 'replaced';
      readonly signedIn: SignedIn;
    }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'refused'; readonly reason: TerminalRefreshReason; readonly detail: string };

/**
 * Exchanges a refresh token for its successor and a fresh access token. Roles and status are read
 * anew. The answers are the table of judge-refresh.ts.
 *
 * @throws RefreshRefused (terminal), RefreshSuperseded (retry), ServiceUnavailable (retry)
 */
export type RefreshSession = (presented: string, client: Client) => Promise<SignedIn>;

export function createRefreshSession(options: RefreshSessionOptions): RefreshSession {
  const { now, accessTokens, refreshTokens, sessions, transact } = options;
  const inTurn = createTurns(now, linePatience);

  return async (presented, client) => {
    const reading = refreshTokens.read(presented);
    if (reading.kind === 'refused') {
      options.onRefused({ why: reading.reason, userId: null, sessionId: null, client });
      options.onSettled?.(reading.reason);
      throw new RefreshRefused('REFRESH_TOKEN_INVALID', reading.reason);
    }
    const { token } = reading;
    // A token of the first version does not carry its user.
    const userId = token.userId ?? (await sessions.ownerOf(token.sessionId));
    const rotated = userId && (await rotate(token, userId));
    if (rotated) {
      options.onSettled?.('rotated');
      return rotated;
    }

    // Not the plain case. Judge it by what stands in the database, with the session locked. Attack and
    // accident: one token, many times at once, and each waits for that lock on a connection of its own.
    const outcome = await inTurn(token.sessionId, () =>
      transact((stores) => settle(stores, token, userId, client)),
    );
    options.onSettled?.(wordFor(outcome));
    switch (outcome.kind) {
      case 'signed_in':
        return outcome.signedIn;
      case 'superseded':
        throw new RefreshSuperseded();
      case 'refused':
        throw new RefreshRefused(outcome.reason, outcome.detail);
      default:
        return unreachable(outcome);
    }
  };

  async function rotate(
    token: RefreshToken,
    userId: string,
    store: Pick<SessionStore, 'rotate'> = sessions,
  ): Promise<SignedIn | undefined> {
    const at = now();
    const successorSalt = options.randomBytes(32);
    const successor = {
      userId,
      sessionId: token.sessionId,
      generation: token.generation + 1,
      secret: successorSecret(token, successorSalt),
    };
    const rotated = await store.rotate({
      userId,
      sessionId: token.sessionId,
      generation: token.generation,
      hash: refreshTokenHash(token),
      at,
      successorSalt,
      successorHash: refreshTokenHash(successor),
      successorExpiresAt: new Date(at.getTime() + options.refreshTokenTtl),
    });
    return rotated && signedIn(rotated, successor);
  }

  async function settle(
    stores: RefreshStores,
    token: RefreshToken,
    userId: string | undefined,
    client: Client,
  ): Promise<Outcome> {
    const { sessionId } = token;
    const facts = userId && (await stores.sessions.lock({ userId, sessionId }, token.generation));
    if (!facts) return refuseUnknown(stores, token, client);
    const hash = refreshTokenHash(token);
    const verdict = judgeRefresh(
      facts,
      { generation: token.generation, hash },
      now(),
      options.windows,
    );

    switch (verdict.kind) {
      case 'rotate': {
        const rotated = await rotate(token, userId, stores.sessions);
        if (!rotated) throw new Error('a current token of a locked session did not rotate');
        return { kind: 'signed_in', how: 'rotated', signedIn: rotated };
      }
      case 'replay': {
        const { generation } = facts.session;
        const secret = successorSecret(token, verdict.successorSalt);
        const successor = { userId, sessionId, generation, secret };
        return {
          kind: 'signed_in',
          how: 'replayed',
          signedIn: signedIn(facts, asWritten(successor, facts)),
        };
      }
      case 'replace':
        return {
          kind: 'signed_in',
          how: 'replaced',
          signedIn: await replace(stores, facts, token, client),
        };
      case 'superseded':
        return { kind: 'superseded' };
      case 'reused':
        await stores.sessions.revoke({ userId, sessionId }, 'token_reused', now());
        await record(stores, 'session.reuse_detected', facts, client, {
          presentedGeneration: token.generation,
          currentGeneration: facts.session.generation,
        });
        return refuse('REFRESH_TOKEN_REUSED', 'reused');
      case 'revoked':
        return refuse('SESSION_REVOKED', 'revoked');
      case 'expired':
        return refuse('REFRESH_TOKEN_EXPIRED', 'expired');
      case 'unknown':
        return unknown(verdict.why, facts.session.userId, token, client);
      default:
        return unreachable(verdict);
    }
  }

  /** We made the token, and its session is gone: with its account, or pruned long ago. */
  async function refuseUnknown(
    { accounts, audit }: RefreshStores,
    token: RefreshToken,
    client: Client,
  ): Promise<Outcome> {
    const userId = await audit.openerOf(token.sessionId);
    const isDeleted = userId !== undefined && (await accounts.findByIds([userId])).length === 0;
    const why = isDeleted ? 'account_deleted' : userId ? 'session_pruned' : 'session_unknown';
    // Of a person who is gone nothing new is kept.
    const from = isDeleted ? { ip: null, userAgent: null } : client;
    return unknown(why, userId ?? null, token, from);
  }

  /**
   * Attack: one such token, presented for ever. It spends nothing, so each time would be one more row
   * of a trail from which nothing is removed; it is counted with the garbage instead.
   */
  function unknown(
    why: string,
    userId: string | null,
    { sessionId }: RefreshToken,
    client: Client,
  ): Outcome {
    options.onRefused({ why, userId, sessionId, client });
    return refuse('REFRESH_TOKEN_INVALID', why);
  }

  async function replace(
    stores: RefreshStores,
    facts: RefreshFacts,
    token: RefreshToken,
    client: Client,
  ): Promise<SignedIn> {
    const at = now();
    const successorSalt = options.randomBytes(32);
    const key = { userId: facts.session.userId, sessionId: token.sessionId };
    const successor = {
      ...key,
      generation: facts.session.generation + 1,
      secret: successorSecret(token, successorSalt),
    };
    const replaced = await stores.sessions.replaceSuccessor({
      ...key,
      generation: token.generation,
      at,
      successorSalt,
      successorGeneration: successor.generation,
      successorHash: refreshTokenHash(successor),
      successorExpiresAt: new Date(at.getTime() + options.refreshTokenTtl),
    });
    await record(stores, 'session.response_lost', facts, client, {
      replacedGeneration: facts.session.generation,
    });
    return signedIn({ ...facts, ...replaced }, successor);
  }

  function record(
    { audit }: RefreshStores,
    type: AuditEventType,
    { session }: RefreshFacts,
    client: Client,
    detail: Readonly<Record<string, string | number>>,
  ): Promise<void> {
    const { id: sessionId, userId } = session;
    return audit.record({ type, at: now(), userId, sessionId, ...client, detail });
  }

  function signedIn(current: CurrentSession, token: RefreshToken): SignedIn {
    const { session, account, grants, refreshTokenExpiresAt: expiresAt } = current;
    return {
      session,
      account,
      grants,
      supersededGuestId: null,
      remembered: null,
      accessToken: accessTokens.issue({
        userId: account.id,
        sessionId: session.id,
        generation: token.generation,
        ...assuranceOf(session),
        ...grants,
      }),
      refreshToken: { token: refreshTokens.write(token), expiresAt },
    };
  }
}

function wordFor(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'signed_in':
      return outcome.how;
    case 'superseded':
      return outcome.kind;
    case 'refused':
      return outcome.detail;
    default:
      return unreachable(outcome);
  }
}

/** A build before this one may have written the successor, as a token of the first version. */
function asWritten(
  successor: RefreshToken,
  { refreshTokenHash: hash }: RefreshFacts,
): RefreshToken {
  const former = { ...successor, userId: undefined };
  return refreshTokenHash(former).equals(hash) ? former : successor;
}

function refuse(reason: TerminalRefreshReason, detail: string): Outcome {
  return { kind: 'refused', reason, detail };
}
