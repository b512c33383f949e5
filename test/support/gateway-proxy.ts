import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { keepAliveTimeout } from './keep-alive.ts';

/** An operation on its way from a page to the gateway. */
export interface ProxiedOperation {
  /** `Login`, `RefreshToken`, or the first field of one without a name. */
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
  /** Sends it on. */
  readonly forward: () => Promise<ProxiedAnswer>;
}

export interface ProxiedAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string;
}

/** What becomes of an operation: an answer, the gateway's or another one, or a connection that breaks. */
export type Interception = (operation: ProxiedOperation) => Promise<ProxiedAnswer | 'broken'>;

export interface GatewayProxy {
  /** Where pages are, such as http://localhost:12345. */
  readonly origin: string;
  /** The operations that pages sent, in order. */
  readonly operations: readonly ProxiedOperation[];
  /** How many of this name came since the last time that it was asked. */
  readonly count: (name: string) => number;
  /** What happens to operations from now on; nothing special, without one. */
  readonly intercept: (interception?: Interception) => void;
  /** How many WebSockets were asked for so far. */
  readonly socketCount: () => number;
  /** Breaks the WebSockets. @returns how many there were */
  readonly cutSockets: () => number;
  readonly stop: () => Promise<void>;
}

/** Files by their path: what pages are made of. */
export type PageFiles = Readonly<Record<string, string>>;

const pass: Interception = ({ forward }) => forward();

/** Stands before a gateway, under the name of the pages: counts, delays, drops and rewrites. */
export async function startGatewayProxy(
  gateway: () => string,
  files: PageFiles,
): Promise<GatewayProxy> {
  const operations: ProxiedOperation[] = [];
  const counted = new Map<string, number>();
  const sockets = new Set<Socket>();
  let socketCount = 0;
  let interception = pass;

  const server = createServer({ keepAliveTimeout }, async (incoming, outgoing) => {
    const path = incoming.url?.split('?')[0] ?? '/';
    const file = files[path];
    if (file !== undefined) {
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
      outgoing.writeHead(200, { 'content-type': type }).end(file);
      return;
    }
    const body = await buffer(incoming);
    const operation: ProxiedOperation = {
      name: nameOf(body.toString(), incoming.url),
      headers: incoming.headers,
      forward: () =>
        new Promise((resolve, reject) => {
          const { method, url, headers } = incoming;
          const { hostname, port } = new URL(gateway());
          const onward = request({ hostname, port, method, path: url, headers }, async (answer) => {
            resolve({
              status: answer.statusCode ?? 500,
              headers: answer.headers,
              body: await buffer(answer),
            });
          });
          onward.once('error', reject).end(body);
        }),
    };
    operations.push(operation);
    const answer = await interception(operation).catch(() => 'broken' as const);
    if (answer === 'broken') incoming.socket.destroy();
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.on('upgrade', (incoming, socket: Socket, head) => {
    const { hostname, port } = new URL(gateway());
    socketCount += 1;
    const onward = connect(Number(port), hostname);
    const lines = incoming.rawHeaders.flatMap((text, index) =>
      index % 2 === 0 ? [`${text}: ${incoming.rawHeaders[index + 1]}`] : [],
    );
    onward.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    sockets.add(socket);
    for (const one of [socket, onward]) {
      one.once('error', () => one.destroy());
      one.once('close', () => {
        sockets.delete(socket);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    operations,
    count(name) {
      const all = operations.filter((operation) => operation.name === name).length;
      const since = all - (counted.get(name) ?? 0);
      counted.set(name, all);
      return since;
    },
    intercept(next = pass) {
      interception = next;
    },
    socketCount: () => socketCount,
    cutSockets() {
      const { size } = sockets;
      for (const socket of sockets) socket.destroy();
      return size;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function nameOf(body: string, url = ''): string {
  // urql sends queries by GET.
  const document = queryOf(body) || new URLSearchParams(url.split('?')[1]).get('query') || '';
  return (
    /(?:query|mutation|subscription)\s+(\w+)|\{\s*(\w+)/.exec(document)?.slice(1).find(Boolean) ??
    ''
  );
}

function queryOf(body: string): string {
  try {
    return JSON.parse(body).query ?? '';
  } catch {
    return '';
  }
}
