/** Remembers which tokens were used, for as long as they live. */
export interface ReplayCache {
  /**
   * Notes a token.
   *
   * @param expiresAt milliseconds since the epoch
   * @returns whether it was noted before; a promise where many processes share the memory
   */
  readonly isReplay: (tokenId: string, expiresAt: number) => boolean | Promise<boolean>;
}

/**
 * A replay cache in the memory of one process. It fails closed: when `size` living tokens are known,
 * further ones count as replayed.
 */
export function createReplayCache({
  size = 100_000,
  now = Date.now,
}: {
  readonly size?: number;
  readonly now?: () => number;
} = {}): ReplayCache {
  const used = new Map<string, number>();
  return {
    isReplay(tokenId, expiresAt) {
      if (used.has(tokenId)) return true;
      if (used.size >= size) forgetExpired();
      if (used.size >= size) return true;
      used.set(tokenId, expiresAt);
      return false;
    },
  };

  function forgetExpired(): void {
    const present = now();
    for (const [tokenId, expiresAt] of used) if (expiresAt <= present) used.delete(tokenId);
  }
}
