/** What happened to a session that access tokens in hand must not survive: the whole state, no step. */
export interface NotableSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly revoked: boolean;
  /** Tokens up to this generation carry roles that are no longer true; 0 when none do. */
  readonly outdatedGeneration: number;
  /** Generations whose answer seemed lost and that were replaced: nobody honest holds them. */
  readonly replaced: GenerationRange | null;
}

/** From and to, both included. */
export interface GenerationRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The later of two states of a session, in whichever order they arrived: each part only ever grows.
 *
 * Attack: a revocation that is forgotten, because something older about the same session was read
 * before it and arrives after it.
 */
export function mergeNotable(one: NotableSession, other: NotableSession): NotableSession {
  return {
    ...one,
    revoked: one.revoked || other.revoked,
    outdatedGeneration: Math.max(one.outdatedGeneration, other.outdatedGeneration),
    replaced: (other.replaced?.to ?? 0) > (one.replaced?.to ?? 0) ? other.replaced : one.replaced,
  };
}

export function isInRange(generation: number, range: GenerationRange | null): boolean {
  return range !== null && generation >= range.from && generation <= range.to;
}
