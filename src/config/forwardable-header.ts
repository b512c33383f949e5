import { z } from 'zod';

/** What belongs to one connection, or is made by the gateway itself. */
const ofTheConnection =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept-encoding|proxy-.*|traceparent|tracestate)$/;

/** Wherever they stand: `x-authentik-…`, `x-hasura-user-id`, `x-superuser`. */
const parts =
  /auth|account|credential|identity|impersonat|permission|principal|privilege|session|user/;

/** As a word of its own. */
const words: ReadonlySet<string> = new Set(
  [
    'acl actor admin anonymous assertion caller claim claims consumer cookie customer dn email',
    'employee entitlements group groups iap idp jwt login mail member oidc org owner person profile',
    'remote role roles saml scope scopes sid sub subject uid upn webauth whoami',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Families that proxies, platforms and servers write for whoever they have let in: clouds, service
 * meshes, single sign-on, client certificates, and what Hasura takes for the variables of a session.
 * The addresses of clients are of the same kind.
 */
const families =
  /^(x-)?(hasura|ms-client|ms-token|goog-iap|amzn-oidc|cf-access|cf-connecting|tailscale|pomerium|vouch|zitadel|envoy|spiffe|ssl|tls|client-cert|client-dn|client-verify|forwarded|original|rewrite|on-behalf)(-|$)/;
const whole =
  /^(from|via|txn-token|x-router-secret|x-token-exchange-secret|x-as|x-me|x-(access|id|user)-token|((x-)?(true|cluster)-client|x-client|x-real)-ip)$/;

/** Named by what a program is, not by who uses it. */
const harmless: ReadonlySet<string> = new Set(['user-agent', 'x-user-agent']);

/**
 * The name of a client's header that subgraphs may be given.
 *
 * Attack: a client sets the header by which a subgraph knows its users. A proxy that authenticates
 * writes the same names that a client writes here, so that a list taken over from such a set-up makes
 * everybody anybody. What names a caller, belongs to one connection, or is made by the gateway itself
 * can't be on the list.
 */
export const forwardableHeader = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine((name) => /^[a-z0-9-]+$/.test(name), 'must be the name of a header')
  .refine(
    (name) => !ofTheConnection.test(name) && !namesCaller(name),
    'must not be a header that names the caller or belongs to the connection',
  );

function namesCaller(name: string): boolean {
  if (harmless.has(name)) return false;
  const isFamiliar = parts.test(name) || families.test(name) || whole.test(name);
  return isFamiliar || name.split('-').some((word) => words.has(word));
}
