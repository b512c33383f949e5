import jwt from 'jsonwebtoken';
import type { VerificationKey } from '../keys/signing-key.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export type JwsReading =
  | { readonly kind: 'read'; readonly header: JsonObject; readonly payload: JsonObject }
  | { readonly kind: 'malformed'; readonly detail: string };

/**
 * Whatever is issued must be accepted: the start refuses roles and scopes that could make it longer
 * (grantsBudget), and with its other headers it fits into what a request may have (server.ts).
 */
export const longestToken = 12_288;
const compactForm = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Takes a token in the compact form of RFC 7515 section 7.1 apart. Nothing about it is verified.
 *
 * Attacks: a token of megabytes, and a second spelling of one token (base64url with loose last bits)
 * that would slip past whatever is keyed on its text.
 */
export function readCompactJws(token: string): JwsReading {
  if (token.length > longestToken || !compactForm.test(token)) return malformed('shape');
  const [headerPart = '', payloadPart = '', signaturePart = ''] = token.split('.');
  const header = decode(headerPart);
  const payload = decode(payloadPart);
  if (!header || !payload) return malformed('not two JSON objects');
  if (!isCanonical(signaturePart)) return malformed('signature spelled in another way');
  return { kind: 'read', header, payload };
}

/** Whether the key made the token's signature. The key decides the algorithm, never the header. */
export function signatureHolds(token: string, { key, algorithm }: VerificationKey): boolean {
  try {
    jwt.verify(token, key, {
      algorithms: [algorithm],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    return true;
  } catch {
    // Some malformed signatures end in a plain TypeError; every failure is a refusal.
    return false;
  }
}

function decode(part: string): JsonObject | undefined {
  if (!isCanonical(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function malformed(detail: string): JwsReading {
  return { kind: 'malformed', detail };
}
