import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { createSecretCheck } from '../core/secret-check.ts';
import { unreachable } from '../core/unreachable.ts';
import type { AccessTokens, IssuedAccessToken } from '../tokens/access-token.ts';
import { AccessRefused } from '../tokens/errors.ts';
import {
  type RefreshToken,
  type RefreshTokens,
  refreshTokenHash,
} from '../tokens/refresh-token.ts';
import type { AskStanding, ShownClaims } from './ask-standing.ts';
import type { EndFamily } from './end-family.ts';
import {
  RefreshRefused,
  RefreshSuperseded,
  ServerNotTrusted,
  type TerminalRefreshReason,
} from './errors.ts';
import { judgeRefresh, type RefreshWindows } from './judge-refresh.ts';
import { useFirstGood } from './newest-of-each.ts';
import { isInRange } from './notable-session.ts';
import type { RefusedRefreshToken } from './refresh-session.ts';
import { assuranceOf } from './session.ts';
import type { RefreshFacts, SessionHolder, SessionStore } from './session-store.ts';

export interface ExchangeTokenOptions {
  readonly now: Clock;
  readonly accessTokens: Pick<AccessTokens, 'issue'>;
  readonly refreshTokens: Pick<RefreshTokens, 'read'>;
  readonly sessions: Pick<SessionStore, 'find' | 'ownerOf'>;
  readonly askStanding: AskStanding;
  /** Told of each good token: its generation has provably arrived. */
  readonly onSeen: (claims: ShownClaims) => void;
  readonly endFamily: EndFamily;
  readonly onRefused: (refusal: RefusedRefreshToken) => void;
  readonly onSettled?: ((outcome: string) => void) | undefined;
  readonly windows: RefreshWindows;
  /** TOKEN_EXCHANGE_SECRET; without any, nobody may. */
  readonly secrets: readonly string[];
}

export interface ExchangeCommand {
  /** What the server shows. */
  readonly secret: string | undefined;
  /** What stood in the cookies that its visitor's browser sent it. */
  readonly presented: readonly string[];
  readonly client: Client;
}

export interface ExchangedToken extends SessionHolder {
  readonly accessToken: IssuedAccessToken;
}

/** Milliseconds that an exchanged token lives: as long as a page takes to be rendered. */
const longestLife = 60_000;

/**
 * Gives a trusted server, which renders a page for a browser, an access token for the refresh token in
 * that browser's cookie (as RFC 8693 exchanges one token for another). It spends nothing: were it to
 * rotate, a page that was lost on its way to the browser would take the new cookie with it, and the old
 * one would look stolen.
 *
 * Attacks: whoever holds a stolen cookie asks for access tokens here, where nothing rotates and so
 * nobody notices; hence the secret, which only servers have, and a browser's token is worth nothing here
 * once the browser has a newer one. A navigation may wait in a server's queue while the browser
 * refreshes, so that an older token ends nothing; one that its owner provably never received does.
 *
 * The token carries the generation that was presented, and shows no more to have arrived than that.
 *
 * @throws ServerNotTrusted, RefreshRefused, RefreshSuperseded, AccessRefused, ServiceUnavailable
 */
export type ExchangeToken = (command: ExchangeCommand) => Promise<ExchangedToken>;

export function createExchangeToken(options: ExchangeTokenOptions): ExchangeToken {
  const { now, accessTokens, refreshTokens, sessions } = options;
  const isOurs = createSecretCheck(options.secrets);

  return async ({ secret, presented, client }) => {
    if (options.secrets.length === 0) throw new ServerNotTrusted('no TOKEN_EXCHANGE_SECRET');
    if (secret === undefined || !isOurs(secret)) throw new ServerNotTrusted('wrong secret');
    return useFirstGood(presented, refreshTokens, (token) => exchange(token, client));
  };

  async function exchange(text: string, client: Client): Promise<ExchangedToken> {
    const reading = refreshTokens.read(text);
    if (reading.kind === 'refused') return refuse('REFRESH_TOKEN_INVALID', reading.reason, client);
    const { token } = reading;
    const { sessionId, generation } = token;
    const userId = token.userId ?? (await sessions.ownerOf(sessionId));
    const facts = userId && (await sessions.find({ userId, sessionId }, generation));
    if (!facts) return refuse('REFRESH_TOKEN_INVALID', 'session_unknown', client, token);
    await assertGood(facts, token, client);
    const claims = { sub: userId, sid: sessionId, gen: generation };
    const standing = await options.askStanding(claims);
    if (standing === 'outdated') {
      // No access token of this generation is good any more, a new one neither.
      throw new AccessRefused('TOKEN_EXPIRED', 'outdated roles', outdatedMessage);
    }
    if (standing !== 'good') return refuse('SESSION_REVOKED', standing);
    options.onSeen(claims);
    options.onSettled?.('exchanged');
    const { session, account, grants } = facts;
    return {
      session,
      account,
      grants,
      accessToken: accessTokens.issue({
        userId,
        sessionId,
        generation,
        ...assuranceOf(session),
        longest: longestLife,
        ...grants,
      }),
    };
  }

  async function assertGood(
    facts: RefreshFacts,
    token: RefreshToken,
    client: Client,
  ): Promise<void> {
    const { session } = facts;
    const { generation } = token;
    const presented = { generation, hash: refreshTokenHash(token) };
    const verdict = judgeRefresh(facts, presented, now(), options.windows);
    switch (verdict.kind) {
      case 'rotate':
      case 'replay':
      case 'replace':
        return;
      case 'superseded':
        throw superseded();
      case 'reused':
        if (!isInRange(generation, session.replaced)) throw superseded();
        await options.endFamily({ sub: session.userId, sid: session.id, gen: generation });
        return refuse('REFRESH_TOKEN_REUSED', 'reused');
      case 'revoked':
        return refuse('SESSION_REVOKED', 'revoked');
      case 'expired':
        return refuse('REFRESH_TOKEN_EXPIRED', 'expired');
      case 'unknown':
        return refuse('REFRESH_TOKEN_INVALID', verdict.why, client, token);
      default:
        return unreachable(verdict);
    }
  }

  function superseded(): RefreshSuperseded {
    options.onSettled?.('superseded');
    return new RefreshSuperseded();
  }

  /** @param client from where a token came that we did not make, or no longer know */
  function refuse(
    reason: TerminalRefreshReason,
    why: string,
    client?: Client,
    token?: RefreshToken,
  ): never {
    const { userId = null, sessionId = null } = token ?? {};
    if (client) options.onRefused({ why, userId, sessionId, client });
    options.onSettled?.(why);
    throw new RefreshRefused(reason, why);
  }
}

const outdatedMessage = 'The roles of this account changed: the browser has to refresh first.';
