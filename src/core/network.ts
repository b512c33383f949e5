import { isIP } from 'node:net';

/**
 * The plain IP address in what a connection or a proxy calls one: without the port that some proxies
 * add, the brackets of RFC 3986, the zone of a link (RFC 4007 section 11), and the form in which an
 * IPv6 socket shows IPv4.
 *
 * @returns null when there is none, such as for the `unknown` of RFC 7239 section 6.3
 */
export function plainAddress(text: string): string | null {
  const host = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
  const address = host.replace(/%.*$/s, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? null : address;
}

/** Whether a text is an IP address, or one with a prefix length (RFC 4632, RFC 4291 section 2.3). */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  // A zone means something on one machine only, and nothing to a database.
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
}
