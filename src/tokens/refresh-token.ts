import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/**
 * A refresh token: opaque to clients, `gtr_` and then base64url of
 *
 *     version 1 | secret id 4 | user 16 | session 16 | generation 4 | secret bytes 32 | MAC 32
 *
 * The version is 2. Version 1 began with `ghr_`, which is GitHub's, and did not carry the user: such
 * tokens are read as long as they live, and their successors are of version 2.
 *
 * Attacks: guessing (256 random bits); garbage that makes the database work, and tokens invented to
 * end somebody's session (the MAC is checked before any query, so both fail in this process); a leak
 * of the access token secret (another key made this MAC); a leak of the database (it holds only a
 * SHA-256). The secret id names the MAC key, so that a token of another deployment is told from one
 * that was altered.
 */
const secretIdBytes = 4;
const idBytes = 16;
const generationBytes = 4;
const secretBytes = 32;
const macBytes = 32;

interface Form {
  readonly version: number;
  readonly prefix: string;
  readonly hasUser: boolean;
}

const current: Form = { version: 2, prefix: 'gtr_', hasUser: true };
const former: Form = { version: 1, prefix: 'ghr_', hasUser: false };
const base64url = /^[A-Za-z0-9_-]+$/;

/** A refresh token that this deployment made: its MAC was checked. */
export interface RefreshToken {
  /** Undefined in a token of version 1. */
  readonly userId: string | undefined;
  readonly sessionId: string;
  readonly generation: number;
  /** 32 bytes that only the holder and, as a hash, the database know. */
  readonly secret: Buffer;
}

export type RefreshTokenReading =
  | { readonly kind: 'genuine'; readonly token: RefreshToken }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'foreign' | 'altered' };

export interface RefreshTokens {
  /** Writes a token as clients hold it. */
  readonly write: (token: RefreshToken) => string;
  /** Reads what a client presents, and checks the MAC. Costs no query. */
  readonly read: (text: string) => RefreshTokenReading;
}

interface MacKey {
  readonly id: Buffer;
  readonly secret: string;
}

/** `secrets` are the MAC secrets: the first one writes, each of them reads. */
export function createRefreshTokens(secrets: readonly string[]): RefreshTokens {
  const keys: readonly MacKey[] = secrets.map((secret) => ({
    id: createHmac('sha256', secret)
      .update('gatehouse refresh token secret id')
      .digest()
      .subarray(0, secretIdBytes),
    secret,
  }));
  const [writingKey] = keys;
  if (!writingKey) throw new Error('no refresh token secret');

  return {
    write(token) {
      const { version, prefix } = token.userId === undefined ? former : current;
      const authenticated = Buffer.concat([Buffer.of(version), writingKey.id, bodyOf(token)]);
      const whole = Buffer.concat([authenticated, mac(authenticated, writingKey)]);
      return prefix + whole.toString('base64url');
    },

    read(text) {
      const form = [current, former].find(({ prefix }) => text.startsWith(prefix));
      if (!form || text.length !== lengthOf(form)) return { kind: 'refused', reason: 'malformed' };
      const encoded = text.slice(form.prefix.length);
      if (!base64url.test(encoded)) return { kind: 'refused', reason: 'malformed' };
      const bytes = Buffer.from(encoded, 'base64url');
      // One token has one spelling: whatever is keyed on its text can't be slipped past.
      if (bytes[0] !== form.version || bytes.toString('base64url') !== encoded) {
        return { kind: 'refused', reason: 'malformed' };
      }
      const key = keys.find(({ id }) => id.equals(bytes.subarray(1, 1 + secretIdBytes)));
      if (!key) return { kind: 'refused', reason: 'foreign' };
      if (!timingSafeEqual(mac(bytes.subarray(0, -macBytes), key), bytes.subarray(-macBytes))) {
        return { kind: 'refused', reason: 'altered' };
      }
      const body = bytes.subarray(1 + secretIdBytes, -macBytes);
      const rest = body.subarray(form.hasUser ? idBytes : 0);
      return {
        kind: 'genuine',
        token: {
          userId: form.hasUser ? uuidText(body.subarray(0, idBytes)) : undefined,
          sessionId: uuidText(rest.subarray(0, idBytes)),
          generation: rest.readUInt32BE(idBytes),
          secret: Buffer.from(rest.subarray(idBytes + generationBytes)),
        },
      };
    },
  };
}

/** What the database keeps of a token: the SHA-256 of its session, generation and secret bytes. */
export function refreshTokenHash(token: RefreshToken): Buffer {
  return hash('sha256', bodyOf(token), 'buffer');
}

/**
 * The secret bytes of a token's successor: HMAC-SHA-256 of the presented token under a random salt
 * that only the presented token's row holds. Without both nobody can guess it, and it is never
 * stored; yet it can be made again, so that everyone who presents the same token inside the grace
 * window receives the same successor. The MAC and its key id stay out of it: processes that are
 * between two secrets still derive the same bytes.
 */
export function successorSecret(presented: RefreshToken, salt: Buffer): Buffer {
  return createHmac('sha256', salt).update(bodyOf(presented)).digest();
}

function bodyOf({ userId, sessionId, generation, secret }: RefreshToken): Buffer {
  const number = Buffer.alloc(generationBytes);
  number.writeUInt32BE(generation);
  const ids = `${userId ?? ''}${sessionId}`.replaceAll('-', '');
  return Buffer.concat([Buffer.from(ids, 'hex'), number, secret]);
}

function lengthOf({ prefix, hasUser }: Form): number {
  const ids = hasUser ? 2 * idBytes : idBytes;
  const bytes = 1 + secretIdBytes + ids + generationBytes + secretBytes + macBytes;
  return prefix.length + Math.ceil((bytes * 4) / 3);
}

function mac(authenticated: Buffer, key: MacKey): Buffer {
  return createHmac('sha256', key.secret).update(authenticated).digest();
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
