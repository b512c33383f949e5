import { randomBytes, randomUUID } from 'node:crypto';
import { createDeviceTokens, knownDeviceId, passwordMark } from '../../src/tokens/device-token.ts';

describe('device tokens', () => {
  const tokens = createDeviceTokens(['a secret of these tests, 32 bytes'], randomBytes);
  const fresh = (passwordHash: string | null = 'a hash') => ({
    id: randomUUID() as string,
    mark: passwordMark(passwordHash),
  });
  const account = fresh();

  it('remember the accounts that a device signed in to, the newest last', () => {
    const accounts = Array.from({ length: 3 }, () => fresh());
    const device = accounts.reduce<ReturnType<typeof tokens.read>>(
      (known, each) => tokens.read(tokens.remember(known, each)),
      undefined,
    );
    expect(device?.accounts).toEqual(accounts);
  });

  it('keep the name of the device, and move an account that comes back to the end', () => {
    const other = fresh();
    const before = tokens.read(
      tokens.remember(tokens.read(tokens.remember(undefined, account)), other),
    );
    const after = tokens.read(tokens.remember(before, account));
    expect(after).toEqual({ id: before?.id, accounts: [other, account] });
  });

  it('forget the account that was there first when there are more than eight', () => {
    const accounts = Array.from({ length: 10 }, () => fresh());
    const device = accounts.reduce<ReturnType<typeof tokens.read>>(
      (known, each) => tokens.read(tokens.remember(known, each)),
      undefined,
    );
    expect(device?.accounts).toEqual(accounts.slice(2));
  });

  it('are known to an account for as long as it has the password that it had then', () => {
    const without = fresh(null);
    const device = tokens.read(
      tokens.remember(tokens.read(tokens.remember(undefined, account)), without),
    );
    const idOf = (id: string, passwordHash: string | null) =>
      knownDeviceId(device, { id, passwordHash });
    expect(idOf(account.id, 'a hash')).toBe(device?.id);
    expect(idOf(without.id, null)).toBe(device?.id);
    expect(idOf(account.id, 'another hash')).toBeNull();
    expect(idOf(account.id, null)).toBeNull();
    expect(idOf(without.id, 'a hash')).toBeNull();
    expect(idOf(randomUUID(), 'a hash')).toBeNull();
    expect(knownDeviceId(device, undefined)).toBeNull();
    expect(knownDeviceId(undefined, { id: account.id, passwordHash: 'a hash' })).toBeNull();
  });

  it('name a new device each time that there was none', () => {
    const names = [1, 2].map(() => tokens.read(tokens.remember(undefined, account))?.id);
    expect(new Set(names).size).toBe(2);
  });

  it('are refused when somebody else made or changed them', () => {
    const written = tokens.remember(undefined, account);
    const bytes = Buffer.from(written.slice(4), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(tokens.read(`ghd_${changed.toString('base64url')}`)).toBeUndefined();
    }
    const foreign = createDeviceTokens(['another secret of these tests, 32'], randomBytes);
    expect(tokens.read(foreign.remember(undefined, account))).toBeUndefined();
  });

  it.each([undefined, '', 'ghd_', 'j:{"a":1}', 'gtr_'.padEnd(100, 'A'), 'ghd_'.padEnd(1_000, 'A')])(
    'are not garbage (%#)',
    (text) => {
      expect(tokens.read(text)).toBeUndefined();
    },
  );

  it('are read under every secret of the list', () => {
    const turned = createDeviceTokens(
      ['a newer secret of these tests, 32 b', 'a secret of these tests, 32 bytes'],
      randomBytes,
    );
    expect(turned.read(tokens.remember(undefined, account))?.accounts).toEqual([account]);
    expect(tokens.read(turned.remember(undefined, account))).toBeUndefined();
  });
});
