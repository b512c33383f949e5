import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayProcess } from './gateway-process.ts';

/** The one address of all gateways: each request goes to the next one. */
export interface FrontProxy {
  readonly port: number;
  /** The share of answers that get lost: read from the gateway to the end, and then the client is cut. */
  readonly setLoss: (share: number) => void;
  readonly stop: () => Promise<void>;
}

export interface FrontProxyOptions {
  readonly gateways: readonly GatewayProcess[];
  readonly random: () => number;
  /** Told of a request whose gateway broke off before its answer was complete. */
  readonly onBrokenOff: (gateway: GatewayProcess) => void;
  readonly onLost: () => void;
}

export async function startFrontProxy(options: FrontProxyOptions): Promise<FrontProxy> {
  const { gateways, random } = options;
  let turn = 0;
  let loss = 0;

  const next = (): GatewayProcess | undefined => {
    for (const _ of gateways) {
      turn += 1;
      const gateway = gateways[turn % gateways.length];
      if (gateway?.isReady()) return gateway;
    }
    return undefined;
  };

  const server = createServer(async (incoming, outgoing) => {
    const gateway = next();
    try {
      if (!gateway) throw new Error('no gateway is ready');
      const answer = await forward(incoming, gateway.port);
      if (random() < loss && mayGetLost(incoming)) throw new LostAnswer();
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    } catch (error) {
      if (error instanceof LostAnswer) options.onLost();
      else if (gateway) options.onBrokenOff(gateway);
      incoming.socket.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    setLoss(share) {
      loss = share;
    },
    stop: () => close(server),
  };
}

class LostAnswer extends Error {}

/** What a lost answer may cost is a token, and a query brings none. */
function mayGetLost({ headers }: IncomingMessage): boolean {
  return headers['x-apollo-operation-name'] !== 'Me';
}

interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A connection of its own for each request, so that a failure is never a reused connection's. */
async function forward(incoming: IncomingMessage, port: number): Promise<UpstreamAnswer> {
  const body = await bodyOf(incoming);
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest({
      host: '127.0.0.1',
      port,
      agent: false,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, connection: 'close' },
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      bodyOf(response).then((answer) => {
        const { connection: _, 'transfer-encoding': __, ...headers } = response.headers;
        resolve({ status: response.statusCode ?? 0, headers, body: answer });
      }, reject);
    });
    outgoing.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
