import { once } from 'node:events';
import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** Where it listens: a port of its own, or the file of a Unix socket. */
export type CoprocessorPlace =
  | { readonly host: string; readonly port: number }
  | { readonly socket: string };

export interface CoprocessorServer {
  /** Undefined on a Unix socket. */
  readonly port: number | undefined;
  readonly stop: () => Promise<void>;
}

export interface CoprocessorServerOptions {
  readonly place: CoprocessorPlace;
  /** @throws what `describe` knows */
  readonly answer: (body: string) => Promise<object>;
  /** The HTTP status of a failure. A router takes any but 200 for the end of the client's request. */
  readonly statusOf: (error: unknown) => number;
}

export const coprocessorPath = '/internal/coprocessor';
const limits = { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 16_384 } as const;
/** Bytes: a request to a subgraph, its headers and the context of the router. */
const largestRequest = 4 * 1024 * 1024;

/**
 * The endpoint that a router's coprocessor settings name, away from the public port.
 *
 * Attack: whoever reaches it has identity tokens made for operations that the router's rules would
 * never let through. It listens where only the router is: on this machine, or on a socket that a
 * group shares.
 *
 * @throws Error when the port or the socket is taken
 */
export async function startCoprocessorServer({
  place,
  answer,
  statusOf,
}: CoprocessorServerOptions): Promise<CoprocessorServer> {
  const server = createServer(limits, async (request, response) => {
    if (request.url !== coprocessorPath) return void response.writeHead(404).end();
    if (request.method !== 'POST') {
      return void response.writeHead(405, { allow: 'POST' }).end();
    }
    try {
      const body = await readText(request);
      if (body === undefined) {
        return void response.writeHead(413, { connection: 'close' }).end();
      }
      const text = JSON.stringify(await answer(body));
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    } catch (error) {
      response.writeHead(statusOf(error)).end();
    }
  });
  await listen(server, place);
  return {
    port: 'socket' in place ? undefined : (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestRequest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server, place: CoprocessorPlace): Promise<void> {
  if ('socket' in place) {
    await removeStale(place.socket);
    server.listen(place.socket);
  } else {
    server.listen(place.port, place.host);
  }
  await once(server, 'listening');
  if ('socket' in place) await chmod(place.socket, 0o660);
}

/** A process that was killed leaves its socket behind. One that lives answers, and keeps it. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() && !(await answers(path))) await unlink(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
