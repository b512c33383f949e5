import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Client } from '../core/client.ts';
import { plainAddress } from '../core/network.ts';

const longestUserAgent = 512;

/** Who sent a request. */
export type ClientOf = (request: IncomingMessage) => Client;

/**
 * Attack: a header that claims another address, to slip past a limit or to put the blame elsewhere.
 * The address is that of the connection; X-Forwarded-For counts only as far as proxies of TRUST_PROXY
 * wrote it, from its end, and its other relatives never do. What such a proxy names may be no address at
 * all, or one with a port or in brackets: taken as it stands, the port would make a proxy of ours a
 * stranger, whose address would then be everybody's, and no database could store it.
 *
 * @param onUntrusted told once, with the address of whoever sent X-Forwarded-For without being trusted
 */
export function createClientOf(
  trustedProxies: readonly string[],
  onUntrusted: (address: string) => void,
): ClientOf {
  const trusted = blockListOf(trustedProxies);
  const isTrusted = (address: string) => trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  let isTold = false;

  return ({ socket, headers }) => {
    const userAgent = headers['user-agent']?.slice(0, longestUserAgent) ?? null;
    const peer = plainAddress(socket.remoteAddress ?? '');
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined || peer === null) return { ip: peer, userAgent };
    if (!isTrusted(peer) && !isTold) {
      isTold = true;
      onUntrusted(peer);
    }
    return { ip: firstStranger(peer, String(forwarded)), userAgent };
  };

  function firstStranger(peer: string, forwarded: string): string | null {
    let address: string | null = peer;
    const hops = forwarded.split(',');
    while (address !== null && isTrusted(address)) {
      const hop = hops.pop();
      if (hop === undefined) break;
      address = plainAddress(hop.trim());
    }
    return address;
  }
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
