import type { IncomingHttpHeaders } from 'node:http';

export type ConnectionToken =
  /** As an Authorization header has it; undefined where nobody says who they are. */
  | { readonly kind: 'read'; readonly authorization: string | undefined }
  /** `problem` is for whoever wrote the client, and fits into a close frame. It repeats no value. */
  | { readonly kind: 'unclear'; readonly problem: string };

type Payload = Readonly<Record<string, unknown>>;

/** A whole Authorization header, and a token that stands alone. */
const headerNames = ['authorization'];
const tokenNames = ['authtoken', 'accesstoken', 'token'];
/** What is meant to say who is asking, and is none of the above. */
const looksLikeToken = /auth|bearer|jwt|token/;
const isOfAnotherKind = /csrf|xsrf|^author(?!i[sz])/;

/**
 * Reads the token that a client of graphql-transport-ws shows in the payload of `connection_init` or
 * `ping`, in the spellings of the field: `authorization` or `Authorization`, there or below `headers`,
 * `authToken` without a scheme; and else in the upgrade's own Authorization header, which a browser
 * can't set, and which a proxy may have set for itself.
 *
 * What is spelled in another way is told, not ignored: a subscription that runs as nobody looks like
 * one that has no events.
 */
export function readConnectionToken(
  payload: Payload | null | undefined,
  handshake: Pick<IncomingHttpHeaders, 'authorization'> = {},
): ConnectionToken {
  const found: string[] = [];
  for (const [name, value] of entriesOf(payload)) {
    const isHeader = headerNames.includes(name);
    if (value === undefined || value === null || value === '') continue;
    if (!isHeader && !tokenNames.includes(name)) {
      if (!looksLikeToken.test(name) || isOfAnotherKind.test(name)) continue;
      return unclear('The token belongs under `authorization`, as `Bearer …`.');
    }
    if (typeof value !== 'string') return unclear('The token must be text: `Bearer …`.');
    found.push(isHeader || /^Bearer\b/i.test(value) ? value : `Bearer ${value}`);
  }
  const [authorization, ...others] = new Set(found);
  if (others.length > 0) return unclear('Two tokens that differ: send one, under `authorization`.');
  return { kind: 'read', authorization: authorization ?? bearerOf(handshake) };
}

/** Without case, hyphens and underscores in their names. */
function entriesOf(payload: Payload | null | undefined): readonly (readonly [string, unknown])[] {
  return plainEntriesOf(payload).flatMap(([name, value]) =>
    name === 'headers' && typeof value === 'object'
      ? plainEntriesOf(value as Payload | null)
      : [[name, value] as const],
  );
}

function plainEntriesOf(
  payload: Payload | null | undefined,
): readonly (readonly [string, unknown])[] {
  return Object.entries(payload ?? {}).map(([name, value]) => [
    name.toLowerCase().replace(/[-_]/g, ''),
    value,
  ]);
}

function bearerOf({ authorization }: Pick<IncomingHttpHeaders, 'authorization'>) {
  return authorization !== undefined && /^Bearer\b/i.test(authorization)
    ? authorization
    : undefined;
}

function unclear(problem: string): ConnectionToken {
  return { kind: 'unclear', problem };
}
