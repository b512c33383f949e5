import { createHmac, type KeyObject, sign } from 'node:crypto';
import type { PrivateSigningKey } from '../keys/signing-key.ts';

/** @param claims what JSON can hold */
export type SignJws = (claims: object, key: PrivateSigningKey) => string;

/**
 * Makes a JWS in compact form (RFC 7515 section 7.1) of one type. It stands in the way of each refresh
 * and of each fetch of a subgraph: ES256 takes 36 µs here, which is what the signature itself takes,
 * and 61 µs with jsonwebtoken, which looks at claims that we have written ourselves. What comes in is
 * jsonwebtoken's to check.
 *
 * @param typ the header `typ`: tokens of one purpose never pass for another (RFC 8725 section 3.11)
 */
export function createSignJws(typ: string): SignJws {
  let last = { kid: '', algorithm: '', text: '' };
  return (claims, { kid, key, algorithm }) => {
    if (last.kid !== kid || last.algorithm !== algorithm) {
      last = { kid, algorithm, text: encoded({ alg: algorithm, typ, kid }) };
    }
    const input = `${last.text}.${encoded(claims)}`;
    return `${input}.${signatures[algorithm](input, key)}`;
  };
}

const signatures: Readonly<
  Record<PrivateSigningKey['algorithm'], (input: string, key: KeyObject) => string>
> = {
  // r and s beside each other (RFC 7518 section 3.4), not in DER.
  ES256: (input, key) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  RS256: (input, key) => sign('sha256', Buffer.from(input), key).toString('base64url'),
  HS256: (input, key) => createHmac('sha256', key).update(input).digest('base64url'),
};

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
