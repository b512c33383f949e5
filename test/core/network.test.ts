import { isNetwork, plainAddress } from '../../src/core/network.ts';

describe('the plain address of a client', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:50123', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['unknown', null],
    ['_hidden', null],
    ['', null],
    ['1', null],
    ['192.0.2.1/8', null],
    ["192.0.2.1'--", null],
    ['192.0.2.1:443:443', null],
    [`${'['.repeat(9_000)}`, null],
  ])('of %j is %j', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });
});

describe('a network', () => {
  it.each(['fe80::1%eth0', 'fe80::1%eth0/64', '', '192.0.2.0/33', '192.0.2.0/8/8'])(
    'is not %j',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );
});
