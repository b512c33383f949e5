import type { SessionSettings } from './session-domain.ts';

/** What presenting a refresh token should come to. */
export type ExpectedAnswer = 'a new token' | 'the same token' | `${string}_${string}`;

/**
 * A session as a person would explain it: one newest token, the one before it, and what is known of
 * their travels. Tokens are numbered in the order in which they were made.
 */
export interface FamilyModel {
  readonly present: (token: number) => ExpectedAnswer;
  /** Shows an access token that was made together with a refresh token. */
  readonly show: (token: number, issuedAt: number) => 'good' | 'TOKEN_EXPIRED' | 'SESSION_REVOKED';
  readonly end: () => void;
  readonly newest: () => number;
  /** Whether the newest token was made so lately that tabs may still race for it. */
  readonly isRacing: () => boolean;
  readonly isOver: () => boolean;
  readonly endedBecauseOfReuse: () => boolean;
  /** Milliseconds since the newest token's predecessor was first used; 0 where it is known to have arrived. */
  readonly missingFor: () => number;
}

const accessTokenSeconds = 900;

export function createFamilyModel(now: () => number, settings: SessionSettings): FamilyModel {
  let newest = 1;
  let before = 0;
  let hasArrived = false;
  let madeAt = Number.NEGATIVE_INFINITY;
  let firstTriedAt = Number.NEGATIVE_INFINITY;
  let idleEnd = now() + settings.refreshTokenTtl;
  let ended: 'lives' | 'by its owner' | 'by reuse' = 'lives';
  /** Made, and replaced because nobody was seen with them. */
  let orphans: readonly number[] = [];
  let outdated = 0;
  const absoluteEnd = now() + settings.maxAge;
  const isRacing = () => now() - madeAt < settings.grace;
  const isPastItsEnd = () => now() >= Math.min(idleEnd, absoluteEnd);

  const make = (from: number) => {
    newest += 1;
    before = from;
    hasArrived = false;
    madeAt = now();
    idleEnd = now() + settings.refreshTokenTtl;
    return 'a new token' as const;
  };
  const catchSecondHolder = () => {
    ended = 'by reuse';
    return 'REFRESH_TOKEN_REUSED' as const;
  };

  return {
    present(token) {
      if (ended !== 'lives') return 'SESSION_REVOKED';
      if (isPastItsEnd()) return 'REFRESH_TOKEN_EXPIRED';
      if (token === newest) {
        firstTriedAt = now();
        return make(token);
      }
      if (orphans.includes(token)) return catchSecondHolder();
      if (token !== before) return isRacing() ? 'REFRESH_TOKEN_SUPERSEDED' : catchSecondHolder();
      if (isRacing()) return 'the same token';
      if (hasArrived || now() - firstTriedAt >= settings.lostResponseGrace) {
        return catchSecondHolder();
      }
      if (orphans.some((orphan) => orphan <= token)) {
        outdated = Math.max(...orphans);
        orphans = [];
      }
      orphans = [...orphans, newest];
      return make(token);
    },

    show(token, issuedAt) {
      if (seconds(now()) >= seconds(issuedAt) + accessTokenSeconds) return 'TOKEN_EXPIRED';
      if (ended !== 'lives') return 'SESSION_REVOKED';
      if (orphans.includes(token)) {
        ended = 'by reuse';
        return 'SESSION_REVOKED';
      }
      if (token <= outdated) return 'TOKEN_EXPIRED';
      if (token === newest) hasArrived = true;
      return 'good';
    },

    end() {
      if (ended === 'lives') ended = 'by its owner';
    },
    newest: () => newest,
    isRacing,
    isOver: () => ended !== 'lives' || isPastItsEnd(),
    endedBecauseOfReuse: () => ended === 'by reuse',
    missingFor: () => (hasArrived || newest === 1 ? 0 : now() - firstTriedAt),
  };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
