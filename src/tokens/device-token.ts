import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../core/random.ts';

/** A device that has signed in before, and to which accounts. */
export interface KnownDevice {
  readonly id: string;
  readonly accounts: readonly RememberedAccount[];
}

/** An account that a device has signed in to, as it was then. */
export interface RememberedAccount {
  readonly id: string;
  /** Of its password: see `passwordMark`. */
  readonly mark: string;
}

export interface DeviceTokens {
  /** Reads what a device presents; undefined when we did not make it. */
  readonly read: (text: string | undefined) => KnownDevice | undefined;
  /** The token of a device that has just signed in to an account, in place of the one it had. */
  readonly remember: (device: KnownDevice | undefined, account: RememberedAccount) => string;
}

const prefix = 'ghd_';
const version = 2;
const idBytes = 16;
const markBytes = 8;
const accountBytes = idBytes + markBytes;
const macBytes = 32;
/** Accounts that a device is remembered for, the newest last. */
const mostAccounts = 8;
const tokenForm = /^ghd_[A-Za-z0-9_-]{98,322}$/;

/**
 * What tells the password that an account has from every other one, also where it has none. A hash and
 * what stands in its place have 128 random bits, so that nothing can be guessed by it.
 *
 * A hash that is made anew from the same password is another one, too: at the price of the log-in that
 * renews it, other devices are strangers until they sign in again.
 */
export function passwordMark(passwordHash: string | null): string {
  const whole = createHash('sha256').update(passwordHash ?? '');
  return whole.digest().subarray(0, markBytes).toString('hex');
}

/**
 * The id of a device that counts as known to an account; null for any other.
 *
 * Attack: an account that a stranger has made with somebody's address, or has got into, and signed in to
 * from a browser of theirs, or from many. When its owner has it (the address is proved, a change of it
 * undone, a new password set or forced), that password is gone; what the stranger's browsers were known
 * by is gone with it, and they guess beside everybody else.
 */
export function knownDeviceId(
  device: KnownDevice | undefined,
  account: { readonly id: string; readonly passwordHash: string | null } | undefined,
): string | null {
  const remembered = account && device?.accounts.find(({ id }) => id === account.id);
  return device && remembered?.mark === passwordMark(account?.passwordHash ?? null)
    ? device.id
    : null;
}

/**
 * A device token: `ghd_` and base64url of version, device, accounts with their marks, MAC. It opens
 * nothing: it only tells that its holder has signed in to an account before.
 *
 * Attack: failing on purpose until the owner must wait. The owner's device has an allowance of its
 * own, which nobody without this token can use up (OWASP, "Slow down online guessing attacks with
 * device cookies").
 */
export function createDeviceTokens(
  secrets: readonly string[],
  randomBytes: RandomBytes,
): DeviceTokens {
  const [writingSecret] = secrets;
  if (writingSecret === undefined) throw new Error('no device token secret');

  return {
    read(text) {
      if (text === undefined || !tokenForm.test(text)) return undefined;
      const encoded = text.slice(prefix.length);
      const bytes = Buffer.from(encoded, 'base64url');
      // One token has one spelling.
      if (bytes.toString('base64url') !== encoded) return undefined;
      const body = bytes.subarray(0, -macBytes);
      const accounts = body.subarray(1 + idBytes);
      if (body[0] !== version || accounts.length === 0 || accounts.length % accountBytes !== 0) {
        return undefined;
      }
      const given = bytes.subarray(-macBytes);
      if (!secrets.some((secret) => timingSafeEqual(mac(body, secret), given))) return undefined;
      const id = body.subarray(1, 1 + idBytes).toString('hex');
      return { id, accounts: rememberedIn(accounts) };
    },

    remember(device, account) {
      const others = (device?.accounts ?? []).filter(({ id }) => id !== account.id);
      const accounts = [...others, account].slice(-mostAccounts);
      const body = Buffer.concat([
        Buffer.of(version),
        device ? Buffer.from(device.id, 'hex') : randomBytes(idBytes),
        ...accounts.map(({ id, mark }) => Buffer.from(id.replaceAll('-', '') + mark, 'hex')),
      ]);
      const whole = Buffer.concat([body, mac(body, writingSecret)]);
      return prefix + whole.toString('base64url');
    },
  };
}

function mac(body: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update('gatehouse device token').update(body).digest();
}

function rememberedIn(bytes: Buffer): readonly RememberedAccount[] {
  return Array.from({ length: bytes.length / accountBytes }, (_, index) => {
    const hex = bytes.subarray(index * accountBytes, (index + 1) * accountBytes).toString('hex');
    return { id: uuidText(hex.slice(0, 2 * idBytes)), mark: hex.slice(2 * idBytes) };
  });
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
