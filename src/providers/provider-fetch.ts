import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';

/** What carries requests, of which those of all providers are the same. */
export interface ProviderDispatchers {
  /** To what the operator has named. */
  readonly named: Dispatcher;
  /** To what a provider has named: only into the internet. */
  readonly others: Dispatcher;
}

export interface ProviderFetchOptions {
  readonly dispatchers: ProviderDispatchers;
  /** Of the issuer, which the operator has named: it may stand in a network of its own. */
  readonly namedOrigin: string;
  /** Milliseconds that an answer may take, its body too. */
  readonly timeout: number;
}

/** `fetch` as `openid-client` and `jose` call it. */
export type ProviderFetch = (
  url: string,
  init: {
    readonly method?: string | undefined;
    readonly headers?: unknown;
    readonly body?: unknown;
    readonly signal?: AbortSignal | null | undefined;
  },
) => Promise<Response>;

/** Bytes. The largest that is known, Entra's keys, has 20 KiB. */
const largestAnswer = 256 * 1024;

/**
 * Asks one provider, and whom it names as its own.
 *
 * Attack: a provider that names an address inside our network as its endpoint, or redirects there, so
 * that we ask it (SSRF); one that hangs, or answers without end. Only the host and port of its own issuer
 * may have a private address, and that of no other provider's; no redirect is followed, one time limit
 * stands over everything, and nothing of an answer is read past its limit.
 */
export function createProviderFetch(options: ProviderFetchOptions): ProviderFetch {
  return async (url, { method = 'GET', headers, body, signal }) => {
    const { hostname, origin } = new URL(url);
    const isNamed = origin === options.namedOrigin;
    if (!isNamed && isPrivate(hostname)) {
      throw new Error('a provider names a private address');
    }
    const limit = AbortSignal.timeout(options.timeout);
    const answer = await request(url, {
      method: method as Dispatcher.HttpMethod,
      headers: Object.fromEntries(new Headers(headers as Record<string, string>)),
      body: body === undefined || body === null ? null : String(body),
      dispatcher: isNamed ? options.dispatchers.named : options.dispatchers.others,
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    const bytes = await readBounded(answer.body);
    const isEmpty = answer.statusCode === 204 || answer.statusCode === 304;
    return new Response(isEmpty ? null : bytes, {
      status: answer.statusCode,
      headers: plainHeaders(answer.headers),
    });
  };
}

/** Connections to providers: few, so that one that is silent holds nothing that others need. */
export function createProviderAgents(): { readonly named: Agent; readonly others: Agent } {
  const shared = { connections: 16, maxResponseSize: largestAnswer };
  const timeout = 5_000;
  return {
    named: new Agent({ ...shared, connect: { timeout } }),
    others: new Agent({ ...shared, connect: { timeout, lookup: publicLookup } }),
  };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
}

/** A name that leads into our network is as good as an address there. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) {
      callback(error, []);
      return;
    }
    const [first] = found;
    const isRefused = found.some(({ address }) => isPrivate(address));
    if (!first || isRefused) callback(new Error('the name leads to a private address'), []);
    else if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
};

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
/** Of IPv6 only what is given out as unicast of the internet, without the forms that hold an IPv4 address. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
const embeddingV6 = new BlockList();
embeddingV6.addSubnet('2001::', 32, 'ipv6');
embeddingV6.addSubnet('2002::', 16, 'ipv6');

/** Whether a host is an address that is not of the internet (RFC 6890). Of a name nothing is known yet. */
export function isPrivate(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0) return false;
  if (family === 4) return privateNetworks.check(address, 'ipv4');
  return !publicV6.check(address, 'ipv6') || embeddingV6.check(address, 'ipv6');
}
