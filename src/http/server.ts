import { once } from 'node:events';
import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface HttpServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Takes no new connections and resolves when the last answer is out. */
  readonly stop: () => Promise<void>;
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
export async function startServer(app: Express, host: string, port: number): Promise<HttpServer> {
  const server = createServer({ ...limits, ...bornForExpress(app) }, app);
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => close(server) };
}

/**
 * Express gives each request and response another prototype, which makes all later work on them slow
 * (70 to 87 µs a request, measured). Made with Express's prototypes in the first place, they have
 * nothing left to change. Should a version of Node or Express not agree, they are made the plain way.
 */
function bornForExpress(app: Express) {
  const Request = withPrototype(IncomingMessage, app.request);
  const Response = withPrototype(ServerResponse, app.response);
  const probe = new Request(...([undefined] as unknown as ConstructorParameters<typeof Request>));
  const isAccepted =
    probe instanceof IncomingMessage &&
    Object.getPrototypeOf(probe) === app.request &&
    new Response(probe) instanceof ServerResponse;
  return isAccepted ? { IncomingMessage: Request, ServerResponse: Response } : {};
}

function withPrototype<Base extends abstract new (...args: never[]) => object>(
  base: Base,
  prototype: object,
): Base {
  function Born(...args: ConstructorParameters<Base>): object {
    return Reflect.construct(base, args, Born);
  }
  Born.prototype = prototype;
  return Born as unknown as Base;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}
