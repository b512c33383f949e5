import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../core/domain-error.ts';

/** Another site's page asks for something that only a page of ours may. */
export class OriginRefused extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This origin may not use cookies here.', { reason: 'ORIGIN_REFUSED' });
  }
}

export interface OriginPolicy {
  /** Whether pages of this origin may call across origins, with cookies. */
  readonly allows: (origin: string) => boolean;
  /** @throws OriginRefused when a page that may not use cookies sent the request */
  readonly assertMayUseCookies: (headers: IncomingHttpHeaders) => void;
}

/**
 * Which pages may act with the cookie. Exact origins only: a pattern or an echo lets in whoever
 * registers a fitting name, and `null` is what every sandboxed frame calls itself.
 *
 * Attack: another site's page sends a mutation, and the browser adds the cookie (CSRF, ASVS 5.0
 * 3.5.1). A browser names the page's origin in `Origin`, or says in `Sec-Fetch-Site` that the request
 * crosses a site; a client that sends neither is no browser, and carries only cookies of its own.
 *
 * @param own the origin of PUBLIC_URL
 * @param others CORS_ORIGINS
 */
export function createOriginPolicy(own: string, others: readonly string[]): OriginPolicy {
  const allowed = new Set([own, ...others]);
  return {
    allows: (origin) => allowed.has(origin),
    assertMayUseCookies({ origin, host, 'sec-fetch-site': site }) {
      if (origin === undefined) {
        if (site === undefined || site === 'same-origin' || site === 'none') return;
      } else if (allowed.has(origin) || (site === 'same-origin' && isAt(origin, host))) {
        return;
      }
      throw new OriginRefused();
    },
  };
}

/** The server may be reached under another name than PUBLIC_URL, such as 127.0.0.1 for localhost. */
function isAt(origin: string, host: string | undefined): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
