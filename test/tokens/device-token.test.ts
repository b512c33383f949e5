import { randomBytes, randomUUID } from 'node:crypto';
import { createDeviceTokens } from '../../src/tokens/device-token.ts';

describe('device tokens', () => {
  const tokens = createDeviceTokens(['a secret of these tests, 32 bytes'], randomBytes);
  const account = randomUUID();

  it('remember the accounts that a device signed in to, the newest last', () => {
    const accounts = Array.from({ length: 3 }, () => randomUUID());
    const device = accounts.reduce<ReturnType<typeof tokens.read>>(
      (known, each) => tokens.read(tokens.remember(known, each)),
      undefined,
    );
    expect(device?.accounts).toEqual(accounts);
  });

  it('keep the name of the device, and move an account that comes back to the end', () => {
    const other = randomUUID();
    const before = tokens.read(
      tokens.remember(tokens.read(tokens.remember(undefined, account)), other),
    );
    const after = tokens.read(tokens.remember(before, account));
    expect(after).toEqual({ id: before?.id, accounts: [other, account] });
  });

  it('forget the account that was there first when there are more than eight', () => {
    const accounts = Array.from({ length: 10 }, () => randomUUID());
    const device = accounts.reduce<ReturnType<typeof tokens.read>>(
      (known, each) => tokens.read(tokens.remember(known, each)),
      undefined,
    );
    expect(device?.accounts).toEqual(accounts.slice(2));
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
