import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Belong to the upgrade alone (RFC 7540 section 3.2). */
const ofUpgrade: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/** Whether a request asks for what we can become. */
export function isWebSocketUpgrade({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/**
 * Answers a request as if it had not asked for another protocol (RFC 9110 section 7.8): clients that
 * offer h2c, as Java's own does with each first request, go on with HTTP/1.1.
 *
 * Node asks nobody, before version 24, whether an upgrade is wanted, and stops reading HTTP once there
 * is a listener for any. So the request is put back in front of its connection, without the offer, and
 * the connection is given to the server anew.
 */
export function ignoreUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  rest: Buffer,
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    if (ofUpgrade.has(name.toLowerCase())) continue;
    const kept = name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value;
    if (kept !== '' || value === '') lines.push(`${name}: ${kept}`);
  }
  // Node reads and writes headers as Latin-1.
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  socket.unshift(Buffer.concat([head, rest]));
  server.emit('connection', socket);
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !ofUpgrade.has(option.toLowerCase())).join(', ');
}
