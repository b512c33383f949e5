import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import {
  asksForCancellation,
  asksForEncryption,
  createMessageReader,
  type FrontendMessage,
  readAnswer,
  rollbackMessage,
  syncMessage,
} from './protocol-messages.ts';

export interface SocketServer {
  /** Sends the clients away and waits for what is running. */
  readonly stop: () => Promise<void>;
}

/** What a client sent up to the message that wants an answer. */
interface Turn {
  readonly client: Socket;
  readonly bytes: Buffer;
  /** Whether the answer ends with word that the server is ready: all but that to a flush. */
  readonly wantsReady: boolean;
}

const flush = 'H';
const terminate = 'X';
/** Messages after which a client waits: the first, query, sync, function call, the end of a copy. */
const turnEnds = new Set(['', 'Q', 'S', 'F', 'c', 'f', flush]);
const farewell = Buffer.concat([syncMessage, rollbackMessage]);

/**
 * Serves the one session of an embedded database on a Unix socket. Clients take turns: whole turns,
 * so that nobody's Bind meets another's Parse, and inside a transaction the same client again until
 * it ends. The package that does this takes turns a message, and stops for good after one failure
 * (electric-sql/pglite#1046).
 *
 * @param onFailure told when the database itself fails: nothing more can be asked of it
 */
export async function serveOnSocket(
  database: PGlite,
  path: string,
  onFailure: (error: unknown) => void,
): Promise<SocketServer> {
  const clients = new Set<Socket>();
  const waiting: Turn[] = [];
  let owner: Socket | undefined;
  let running: Promise<void> | undefined;
  let isStopped = false;

  const server = createServer((client) => {
    clients.add(client);
    const read = createMessageReader();
    let pending: Buffer[] = [];
    client.on('data', (chunk) => {
      for (const message of read(chunk as Buffer)) receive(message);
    });
    // A connection that breaks is closed next.
    client.on('error', () => {});
    client.once('close', () => {
      clients.delete(client);
      discardTurnsOf(client);
      // Whatever it left open must not hold up the others.
      take({ client, bytes: farewell, wantsReady: true });
    });

    function receive(message: FrontendMessage): void {
      if (asksForEncryption(message)) client.write('N');
      else if (message.type === terminate || asksForCancellation(message)) client.end();
      else {
        pending.push(message.bytes);
        if (!turnEnds.has(message.type)) return;
        take({ client, bytes: Buffer.concat(pending), wantsReady: message.type !== flush });
        pending = [];
      }
    }
  });
  server.listen(path);
  await once(server, 'listening');

  return {
    async stop() {
      isStopped = true;
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
      await running;
    },
  };

  function take(turn: Turn): void {
    if (isStopped) return;
    waiting.push(turn);
    running ??= runAll().finally(() => {
      running = undefined;
    });
  }

  async function runAll(): Promise<void> {
    try {
      for (let turn = nextTurn(); turn; turn = nextTurn()) {
        const { bytes, isIdle } = readAnswer(await run(turn.bytes), turn.wantsReady);
        owner = isIdle ? undefined : turn.client;
        if (turn.client.writable) turn.client.write(bytes);
      }
    } catch (error) {
      onFailure(error);
    }
  }

  function nextTurn(): Turn | undefined {
    const index = owner ? waiting.findIndex(({ client }) => client === owner) : 0;
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  }

  function discardTurnsOf(client: Socket): void {
    const kept = waiting.filter((turn) => turn.client !== client);
    waiting.splice(0, waiting.length, ...kept);
  }

  async function run(bytes: Buffer): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    await database.runExclusive(() =>
      database.execProtocolRawStream(bytes, {
        onRawData: (chunk) => chunks.push(chunk.slice()),
      }),
    );
    return Buffer.concat(chunks);
  }
}
