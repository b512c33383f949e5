import type { IncomingMessage } from 'node:http';
import { createClientOf } from '../../src/http/client-address.ts';

describe('the address of a client', () => {
  const untrusted: string[] = [];
  const clientOf = createClientOf(['10.0.0.0/8', '::1', '2001:db8:1::/48'], (address) =>
    untrusted.push(address),
  );
  const addressOf = (peer: string, forwarded?: string, given = clientOf) =>
    given({
      socket: { remoteAddress: peer },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    } as unknown as IncomingMessage).ip;

  it.each([
    ['10.0.0.1', '203.0.113.7'],
    ['10.0.0.1', '203.0.113.7:50123'],
    ['10.0.0.1', '203.0.113.7, 10.0.0.2'],
    ['10.0.0.1', '203.0.113.7, 10.0.0.2:4711'],
    ['10.0.0.1', '203.0.113.7:50123,10.0.0.2:4711 ,  [2001:db8:1::9]:443'],
    ['::ffff:10.0.0.1', '203.0.113.7, ::ffff:10.0.0.2'],
    ['::1', '203.0.113.7, [::1]'],
    ['10.0.0.1', '198.51.100.9, 203.0.113.7, 10.0.0.2:4711'],
    ['10.0.0.1', 'unknown, 203.0.113.7'],
    ['203.0.113.7', undefined],
  ])('is the first that is no proxy of ours, from %s with %j', (peer, forwarded) => {
    expect(addressOf(peer, forwarded)).toBe('203.0.113.7');
  });

  it('is the farthest proxy where all are ours', () => {
    expect(addressOf('10.0.0.1', '10.0.0.3:1, 10.0.0.2:2')).toBe('10.0.0.3');
  });

  it.each(['unknown', '', '_hidden', "'; --"])('is none where a proxy of ours says %j', (hop) => {
    expect(addressOf('10.0.0.1', `203.0.113.7, ${hop}`)).toBeNull();
  });

  it('is that of the connection where somebody else forwards, which is told once', () => {
    const told: string[] = [];
    const own = createClientOf(['10.0.0.1'], (address) => told.push(address));
    expect(addressOf('10.0.0.1', '203.0.113.7', own)).toBe('203.0.113.7');
    expect(told).toEqual([]);
    for (let time = 0; time < 3; time += 1) {
      expect(addressOf('192.168.0.4', '203.0.113.7', own)).toBe('192.168.0.4');
    }
    expect(addressOf('192.168.0.5', '203.0.113.7', own)).toBe('192.168.0.5');
    expect(told).toEqual(['192.168.0.4']);
  });
});
