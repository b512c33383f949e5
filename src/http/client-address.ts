import type { Request } from 'express';
import type { Client } from '../core/client.ts';
import { plainAddress } from '../core/network.ts';

const longestUserAgent = 512;

/**
 * Who sent a request.
 *
 * Attack: a header that claims another address, to slip past a limit or to put the blame elsewhere.
 * The address is that of the connection; X-Forwarded-For counts only where a proxy of TRUST_PROXY
 * wrote it, and its other relatives never do. What such a proxy names may be no address at all, or one
 * with a port: taken as it stands, it would be a network of its own with every connection, and no
 * database could store it.
 */
export function clientOf(request: Request): Client {
  return {
    ip: request.ip === undefined ? null : plainAddress(request.ip),
    userAgent: request.headers['user-agent']?.slice(0, longestUserAgent) ?? null,
  };
}
