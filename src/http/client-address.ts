import type { Request } from 'express';
import type { Client } from '../core/client.ts';

const longestUserAgent = 512;

/**
 * Who sent a request.
 *
 * Attack: a header that claims another address, to slip past a limit or to put the blame elsewhere.
 * The address is that of the connection; X-Forwarded-For counts only where a proxy of TRUST_PROXY
 * wrote it, and its other relatives never do.
 */
export function clientOf(request: Request): Client {
  return {
    ip: request.ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? null,
    userAgent: request.headers['user-agent']?.slice(0, longestUserAgent) ?? null,
  };
}
