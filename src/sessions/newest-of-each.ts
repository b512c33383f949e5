import type { RefreshToken, RefreshTokens } from '../tokens/refresh-token.ts';
import { RefreshRefused } from './errors.ts';

/**
 * A browser has one cookie of ours, and under `__Host-` no other can be. Without that prefix it sends
 * those of older days too, for each path (`/`, `/graphql`) and each domain above the host's: two or
 * three, and with every one of them no more than this. Each costs a look-up, one after the other, and
 * only until one is good.
 */
const most = 8;

/**
 * Of several refresh tokens the newest of each session, the newest session first: those that we made,
 * or the first of them where we made none.
 *
 * Attacks: a hundred tokens in one request, to be looked up one by one; and an older cookie of a session
 * that is sent beside its newest, which would look like one that was stolen.
 */
export function newestOfEach(
  presented: readonly string[],
  { read }: Pick<RefreshTokens, 'read'>,
): readonly string[] {
  if (presented.length < 2) return presented;
  const newest = new Map<string, { readonly text: string; readonly token: RefreshToken }>();
  for (const text of presented) {
    const reading = read(text);
    if (reading.kind !== 'genuine') continue;
    const { token } = reading;
    const known = newest.get(token.sessionId);
    if (!known || known.token.generation < token.generation) {
      newest.set(token.sessionId, { text, token });
    }
  }
  if (newest.size === 0) return presented.slice(0, 1);
  // Ids of sessions begin with the time at which they were made (RFC 9562 section 5.7).
  return [...newest.values()]
    .sort((one, other) => (one.token.sessionId < other.token.sessionId ? 1 : -1))
    .slice(0, most)
    .map(({ text }) => text);
}

/**
 * Uses whichever of several refresh tokens is good. A browser sends all cookies of one name; which of
 * them is ours, only we can tell.
 *
 * @throws what `use` does; of several refusals that of the newest session
 */
export async function useFirstGood<Result>(
  presented: readonly string[],
  refreshTokens: Pick<RefreshTokens, 'read'>,
  use: (token: string) => Promise<Result>,
): Promise<Result> {
  const [first, ...others] = newestOfEach(presented, refreshTokens);
  if (first === undefined) throw new RefreshRefused('TOKEN_MISSING');
  try {
    return await use(first);
  } catch (error) {
    if (!(error instanceof RefreshRefused)) throw error;
    for (const other of others) {
      const found = await use(other).catch(unlessRefused);
      if (found !== undefined) return found;
    }
    throw error;
  }
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof RefreshRefused)) throw error;
}
