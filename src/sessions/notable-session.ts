/**
 * What happened to a session that access tokens in hand must not survive. It is the whole state, not
 * a step: applying it twice, or late, changes nothing.
 */
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

export function isInRange(generation: number, range: GenerationRange | null): boolean {
  return range !== null && generation >= range.from && generation <= range.to;
}
