import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../core/random.ts';

/** A device that has signed in before, and to which accounts. */
export interface KnownDevice {
  readonly id: string;
  readonly accounts: readonly string[];
}

export interface DeviceTokens {
  /** Reads what a device presents; undefined when we did not make it. */
  readonly read: (text: string | undefined) => KnownDevice | undefined;
  /** The token of a device that has just signed in to an account, in place of the one it had. */
  readonly remember: (device: KnownDevice | undefined, accountId: string) => string;
}

const prefix = 'ghd_';
const version = 1;
const idBytes = 16;
const macBytes = 32;
/** Accounts that a device is remembered for, the newest last. */
const mostAccounts = 8;
const tokenForm = /^ghd_[A-Za-z0-9_-]{67,260}$/;

/**
 * A device token: `ghd_` and base64url of version, device, accounts, MAC. It opens nothing: it only
 * tells that its holder has signed in to an account before.
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
      const ids = body.subarray(1);
      if (body[0] !== version || ids.length < 2 * idBytes || ids.length % idBytes !== 0) {
        return undefined;
      }
      const given = bytes.subarray(-macBytes);
      if (!secrets.some((secret) => timingSafeEqual(mac(body, secret), given))) return undefined;
      const [id = '', ...accounts] = chunks(ids);
      return { id, accounts: accounts.map(uuidText) };
    },

    remember(device, accountId) {
      const others = (device?.accounts ?? []).filter((account) => account !== accountId);
      const accounts = [...others, accountId].slice(-mostAccounts);
      const body = Buffer.concat([
        Buffer.of(version),
        device ? Buffer.from(device.id, 'hex') : randomBytes(idBytes),
        ...accounts.map((account) => Buffer.from(account.replaceAll('-', ''), 'hex')),
      ]);
      const whole = Buffer.concat([body, mac(body, writingSecret)]);
      return prefix + whole.toString('base64url');
    },
  };
}

function mac(body: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update('gatehouse device token').update(body).digest();
}

function chunks(bytes: Buffer): readonly string[] {
  return Array.from({ length: bytes.length / idBytes }, (_, index) =>
    bytes.subarray(index * idBytes, (index + 1) * idBytes).toString('hex'),
  );
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
