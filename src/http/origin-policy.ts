import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../core/domain-error.ts';

/** Another site's page asks for something that only a page of ours may. */
export class OriginRefused extends DomainError {
  constructor(remedy = 'CORS_ORIGINS names those that may.') {
    const message = `Pages of this origin may not use cookies here. ${remedy}`;
    super('FORBIDDEN', message, { reason: 'ORIGIN_REFUSED' });
  }
}

export interface OriginPolicy {
  /** Whether pages of this origin may call across origins, with cookies. */
  readonly allows: (origin: string) => boolean;
  /** @throws OriginRefused when a page that may not use cookies sent the request */
  readonly assertMayUseCookies: (headers: IncomingHttpHeaders) => void;
  /** @throws OriginRefused when a page that may not open a WebSocket asks for one */
  readonly assertMayConnect: (headers: IncomingHttpHeaders) => void;
  /** Tells, in development, of a page whose browser will keep the answer from it. */
  readonly noteStranger: (headers: IncomingHttpHeaders) => void;
}

export interface OriginPolicyOptions {
  /** The origin of PUBLIC_URL. */
  readonly own: string;
  /** CORS_ORIGINS. */
  readonly others: readonly string[];
  /** Tools of development, on the internet. */
  readonly tools: readonly string[];
  /** In development: told of each refused origin once, and of the line that admits it. */
  readonly onRefused: ((detail: string) => void) | undefined;
}

/**
 * Which pages may act with the cookie. Exact origins only: a pattern or an echo lets in whoever
 * registers a fitting name, and `null` is what every sandboxed frame calls itself.
 *
 * Attack: another site's page sends a mutation, and the browser adds the cookie (CSRF, ASVS 5.0
 * 3.5.1). A browser names the page's origin in `Origin`, or says in `Sec-Fetch-Site` that the request
 * crosses a site; a client that sends neither is no browser, and carries only cookies of its own.
 */
export function createOriginPolicy(options: OriginPolicyOptions): OriginPolicy {
  const { own, others, tools, onRefused } = options;
  const allowed = new Set([own, ...others, ...tools]);
  const noted = new Set<string>();
  const noteStranger = ({ origin, host }: IncomingHttpHeaders) => {
    if (!onRefused || origin === undefined || allowed.has(origin) || isAt(origin, host)) return;
    if (noted.has(origin) || noted.size >= mostNoted) return;
    noted.add(origin);
    onRefused(`${isNameable(origin) ? origin : 'an origin that is none'}: ${remedyFor(origin)}`);
  };
  const assertMayUseCookies = (headers: IncomingHttpHeaders) => {
    const { origin, host, 'sec-fetch-site': site } = headers;
    if (origin === undefined) {
      if (site === undefined || site === 'same-origin' || site === 'none') return;
    } else if (allowed.has(origin) || (site === 'same-origin' && isAt(origin, host))) {
      return;
    }
    noteStranger(headers);
    if (onRefused && origin !== undefined) throw new OriginRefused(remedyFor(origin));
    throw new OriginRefused();
  };
  return {
    allows: (origin) => allowed.has(origin),
    noteStranger,
    assertMayUseCookies,
    assertMayConnect(headers) {
      const { origin, host } = headers;
      // A WebSocket reads no cookie, and at its handshake no browser says Sec-Fetch-Site: a page of
      // the host that it asks, behind a proxy with another name, has the same origin by all that is said.
      if (origin === undefined || !isAt(origin, host)) assertMayUseCookies(headers);
    },
  };

  function remedyFor(origin: string): string {
    if (origin === 'null')
      return 'A sandboxed frame or a file has no origin: serve the page over http.';
    if (!isNameable(origin)) return 'It can not be admitted.';
    return `CORS_ORIGINS=${[...others, origin].join(',')} admits them.`;
  }
}

const mostNoted = 100;

/** What a browser calls an origin (RFC 6454 section 6.2), and nothing that could be more than that. */
function isNameable(origin: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[\w.:[\]-]{1,255}$/.test(origin);
}

/** The server may be reached under another name than PUBLIC_URL, such as 127.0.0.1 for localhost. */
function isAt(origin: string, host: string | undefined): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
