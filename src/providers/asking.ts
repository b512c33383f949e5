import { DomainError } from '../core/domain-error.ts';
import { ProviderRefused, ProviderUnavailable } from './errors.ts';
import type { ProviderFetch } from './provider-fetch.ts';

/** Milliseconds for which anybody waits for a provider, whatever it is asked on the way. */
export const longestAsking = 5_000;

/** The same `fetch`, whose failures say that the provider is not there; a busy one is not there, too. */
export function telling(fetch: ProviderFetch): ProviderFetch {
  return async (url, init) => {
    const answer = await fetch(url, init).catch((error: unknown) => {
      throw new ProviderUnavailable(`${hostOf(url)}: ${nameOf(error)}`, error);
    });
    if (answer.status >= 500 || answer.status === 429) {
      throw new ProviderUnavailable(`${hostOf(url)}: HTTP ${answer.status}`);
    }
    return answer;
  };
}

/**
 * Does something with a provider, for five seconds at the longest.
 *
 * What the libraries throw holds codes and tokens in its causes: of it only the kind reaches the log.
 *
 * @throws ProviderUnavailable, ProviderRefused
 */
export async function asking<Result>(work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ProviderUnavailable('too slow')), longestAsking);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw domainErrorIn(error) ?? new ProviderRefused(kindOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function domainErrorIn(error: unknown): DomainError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof DomainError) return at;
  }
  return undefined;
}

/** Such as `OAUTH_INVALID_RESPONSE: invalid response encountered`, or `access_denied`. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error';
  const { code, error: named } = error as { readonly code?: unknown; readonly error?: unknown };
  if (typeof named === 'string') return /^[a-z_]{1,40}$/.test(named) ? named : 'an error';
  return [typeof code === 'string' ? code : error.name, error.message].join(': ').slice(0, 200);
}

function nameOf(error: unknown): string {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  return typeof code === 'string' ? code : `${name}: ${message}`.slice(0, 200);
}

function hostOf(url: string): string {
  return new URL(url).host;
}
