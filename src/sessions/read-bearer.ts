export type BearerReading =
  /** Nobody says who they are. */
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** `message` is for whoever wrote the client: it repeats nothing of what came. */
  | { readonly kind: 'malformed'; readonly detail: string; readonly message: string };

const bearer = /^Bearer +(\S+)$/i;
/** What JavaScript makes of a token that is not there (yet). */
const noToken = /^Bearer +(undefined|null|false|NaN|\[object (?:Object|Promise)\])$/i;
/** Schemes that a proxy, or a browser for it, leaves in the header. */
const otherScheme = /^(Basic|Digest|Negotiate|NTLM)(?= |$)/i;
const sendNone = 'Without a token, send no Authorization header.';

/**
 * Reads an Authorization header: the Bearer scheme of RFC 6750 section 2.1, whose name knows no case
 * (RFC 9110 section 11.1). An empty one is nobody: it is what Apollo's documentation sends without a
 * token.
 */
export function readBearer(authorization: string | undefined): BearerReading {
  if (authorization === undefined || authorization === '') return { kind: 'none' };
  const word = noToken.exec(authorization)?.[1];
  if (word !== undefined) {
    const said = `The Authorization header says \`Bearer ${word}\`: the client had no token yet.`;
    return malformed('no token', `${said} ${sendNone}`);
  }
  const token = bearer.exec(authorization)?.[1];
  if (token !== undefined) return { kind: 'token', token };
  if (/^Bearer$/i.test(authorization)) {
    return malformed(
      'no token',
      `The Authorization header says Bearer and nothing more. ${sendNone}`,
    );
  }
  const scheme = otherScheme.exec(authorization)?.[1];
  if (scheme !== undefined) {
    return malformed(
      'another scheme',
      `The Authorization header holds ${scheme} credentials, such as those for a proxy before this service. Send \`Bearer\` and the access token.`,
    );
  }
  return malformed(
    'no Bearer credentials',
    'The Authorization header holds no Bearer token. Send `Bearer`, a space and the access token.',
  );
}

function malformed(detail: string, message: string): BearerReading {
  return { kind: 'malformed', detail, message };
}
