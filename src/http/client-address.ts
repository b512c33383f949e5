import type { IncomingMessage } from 'node:http';
import type { Client } from '../core/client.ts';

const longestUserAgent = 512;

/**
 * Who sent a request.
 *
 * Attack: a header that claims another address. X-Forwarded-For and its relatives mean nothing here:
 * the address is that of the connection.
 */
export function clientOf(request: IncomingMessage): Client {
  const address = request.socket.remoteAddress;
  return {
    ip: address === undefined ? null : address.replace(/^::ffff:(?=\d+\.)/, ''),
    userAgent: request.headers['user-agent']?.slice(0, longestUserAgent) ?? null,
  };
}
