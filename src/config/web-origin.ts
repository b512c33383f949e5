/**
 * Reads an origin as an operator writes it: capitals, a default port and a slash at the end mean the
 * same origin, and are written as browsers write it (RFC 6454 section 6.2).
 *
 * Attack: a pattern such as `*` lets in whoever registers a fitting name, with everybody's cookies.
 *
 * @returns the origin, or what is wrong with it, and how it is written
 */
export function readOrigin(
  text: string,
): { readonly origin: string } | { readonly problem: string } {
  if (text.includes('*')) {
    return {
      problem:
        'can have no *: pages of any site could then use the session. Name each origin, such as https://app.example.com',
    };
  }
  // Schemes of its own, such as capacitor://localhost, are what some app shells call themselves.
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined || !URL.canParse(text)) return { problem: rule };
  if (!/^https?$/i.test(scheme)) {
    return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+$/.test(text) ? { origin: text } : { problem: rule };
  }
  const { origin, pathname, search, hash, username } = new URL(text);
  if (pathname !== '/' || search || hash || username) {
    return { problem: `must be exact origins: ${origin}, and nothing after it` };
  }
  return { origin };
}

const rule = 'must be exact origins such as https://app.example.com, with their scheme and no path';
