import { once } from 'node:events';
import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { App } from './app.ts';
import { ignoreUpgrade, isWebSocketUpgrade } from './ignore-upgrade.ts';

export interface HttpServer {
  /** The port that it listens on. */
  readonly port: number;
  /** From now on each answer asks its client to close the connection. */
  readonly announceStop: () => void;
  /** Takes no new connections and resolves when the last answer is out, or the time is over. */
  readonly stop: () => Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds that a stop waits for answers. */
  readonly timeout: number;
  /** Told when it did not suffice. */
  readonly onCut: () => void;
  /** Takes connections that are to become something else. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Limits that a slow or silent client runs into (Slowloris). Milliseconds and bytes. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
} as const;

/** Listens. @throws Error when the port is taken */
export async function startServer(
  { express, handle }: App,
  options: ServerOptions,
): Promise<HttpServer> {
  const server = createServer({ ...limits, ...bornForExpress(express) }, handle);
  // Attack: a thousand empty headers, behind which Node drops the rest without a word: the second
  // Authorization, or the X-Forwarded-For that a proxy appends. Their size is the limit.
  server.maxHeadersCount = 0;
  const { onUpgrade } = options;
  if (onUpgrade) {
    server.on('upgrade', (request, socket, head) => {
      if (isWebSocketUpgrade(request)) onUpgrade(request, socket, head);
      else ignoreUpgrade(server, request, socket, head);
    });
  }
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    // Attack: a client that leaves at once, so that what it asks for is done for no address. Node
    // remembers it from the first look; where it comes too late, nobody is there to be answered.
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    announceStop: () => closeAfterAnswers(express),
    stop() {
      closeAfterAnswers(express);
      return close(server, sockets, options);
    },
  };
}

/**
 * A request that is sent on a kept-alive connection at the moment of its end is lost. So a server
 * that is about to stop says `Connection: close` with each answer, also with those begun before
 * (RFC 9112 section 9.6).
 */
function closeAfterAnswers({ response }: Express): void {
  response.writeHead = function (this: ServerResponse, ...head: never[]) {
    this.shouldKeepAlive = false;
    return Reflect.apply(ServerResponse.prototype.writeHead, this, head);
  };
}

/**
 * Express gives each request and response another prototype, which makes all later work on them slow
 * (70 to 87 µs a request, measured). Made with Express's prototypes in the first place, they have
 * nothing left to change. Should a version of Node or Express not agree, they are made the plain way.
 */
function bornForExpress(app: Express) {
  try {
    const Request = withPrototype(IncomingMessage, app.request);
    const Response = withPrototype(ServerResponse, app.response);
    const probe = new Request(new Socket());
    const isAccepted =
      probe instanceof IncomingMessage &&
      Object.getPrototypeOf(probe) === app.request &&
      new Response(probe) instanceof ServerResponse;
    return isAccepted ? { IncomingMessage: Request, ServerResponse: Response } : {};
  } catch {
    return {};
  }
}

/**
 * Node's two constructors are functions that may be called on an object made elsewhere. The object
 * has to come from this `new`: where `Reflect.construct` makes it, V8 gives each one a hidden class
 * of its own, and all work on it is ten times slower.
 */
function withPrototype<Base extends abstract new (...args: never[]) => object>(
  base: Base,
  prototype: object,
): Base {
  function Born(this: object, ...args: ConstructorParameters<Base>): void {
    Reflect.apply(base, this, args);
  }
  Born.prototype = prototype;
  return Born as unknown as Base;
}

/** Milliseconds between two looks for connections that have become idle. */
const idleInterval = 50;

async function close(
  server: Server,
  sockets: ReadonlySet<Socket>,
  { timeout, onCut }: ServerOptions,
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A browser opens connections in advance. Node takes one that never sent anything for a busy one.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  const idle = setInterval(() => server.closeIdleConnections(), idleInterval);
  const end = setTimeout(() => {
    onCut();
    server.closeAllConnections();
  }, timeout);
  await closed;
  clearInterval(idle);
  clearTimeout(end);
}
