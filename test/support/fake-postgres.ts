import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * A server that speaks just enough of PostgreSQL's protocol (version 3) to fail in every way on
 * command. It answers each query with nothing.
 */
export interface FakePostgres {
  readonly url: string;
  /** The texts of all queries so far. */
  readonly queries: readonly string[];
  /** How many connections were tried, and how many stand now. */
  readonly attempts: () => number;
  readonly connections: () => number;
  /** Takes everything and answers nothing, until `thaw`. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Refuses the next connections with this SQLSTATE, or takes them again. */
  readonly refuse: (sqlState: string | undefined) => void;
  /** Takes the next connections, and ends them with this SQLSTATE in the same packet. */
  readonly takeAndEnd: (sqlState: string) => void;
  /** Says from now on whether it is a standby, when it is asked. */
  readonly beStandby: (isStandby: boolean) => void;
  /** Breaks all connections off. */
  readonly cut: () => void;
  /** Tells all connections something. */
  readonly notify: (channel: string, payload: string) => void;
  /** Resolves with the next attempt to connect. */
  readonly nextAttempt: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startFakePostgres(): Promise<FakePostgres> {
  const sockets = new Set<Socket>();
  const queries: string[] = [];
  let attempts = 0;
  let refusal: string | undefined;
  let end: string | undefined;
  let isFrozen = false;
  let isStandby = false;
  let owed: (() => void)[] = [];
  let onAttempt = () => {};

  const answer = (socket: Socket, ...messages: readonly Buffer[]) => {
    const send = () => void (socket.destroyed || socket.write(Buffer.concat(messages)));
    if (isFrozen) owed.push(send);
    else send();
  };
  const receive = (socket: Socket, type: string, body: Buffer) => {
    if (type === 'X') {
      socket.end();
    } else if (type === 'startup') {
      attempts += 1;
      if (refusal) answer(socket, errorMessage(refusal));
      else answer(socket, message('R', int32(0)), ready, ...(end ? [errorMessage(end)] : []));
      onAttempt();
    } else if (type === 'Q') {
      queries.push(text(body));
      const row = queries.at(-1)?.includes('pg_is_in_recovery') ? recoveryRow(isStandby) : [];
      answer(socket, ...row, message('C', cString('SELECT 0')), ready);
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    readMessages(socket, (type, body) => receive(socket, type, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `postgres://fake@127.0.0.1:${port}/fake`,
    queries,
    attempts: () => attempts,
    connections: () => sockets.size,
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      for (const send of owed) send();
      owed = [];
    },
    refuse(sqlState) {
      refusal = sqlState;
    },
    takeAndEnd(sqlState) {
      end = sqlState;
    },
    beStandby(value) {
      isStandby = value;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    notify(channel, payload) {
      const body = Buffer.concat([int32(1), cString(channel), cString(payload)]);
      for (const socket of sockets) answer(socket, message('A', body));
    },
    nextAttempt: () =>
      new Promise((resolve) => {
        onAttempt = resolve;
      }),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function readMessages(socket: Socket, receive: (type: string, body: Buffer) => void): void {
  let buffered = Buffer.alloc(0);
  let isStarted = false;
  socket.on('data', (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    for (;;) {
      // The first message alone has no type.
      const head = isStarted ? 1 : 0;
      if (buffered.length < head + 4) return;
      const length = head + buffered.readInt32BE(head);
      if (buffered.length < length) return;
      const type = isStarted ? buffered.toString('latin1', 0, 1) : 'startup';
      const body = buffered.subarray(head + 4, length);
      buffered = buffered.subarray(length);
      isStarted = true;
      receive(type, body);
    }
  });
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

const ready = message('Z', Buffer.from('I'));

function errorMessage(sqlState: string): Buffer {
  const fields = [`SFATAL`, `C${sqlState}`, 'Mrefused by the test'].map(cString);
  return message('E', Buffer.concat([...fields, Buffer.of(0)]));
}

/** One row of one boolean column named `standby`. */
function recoveryRow(isStandby: boolean): readonly Buffer[] {
  const int16 = (value: number) => Buffer.of(value >> 8, value & 255);
  const boolean = 16;
  const column = [
    cString('standby'),
    int32(0),
    int16(0),
    int32(boolean),
    int16(1),
    int32(-1),
    int16(0),
  ];
  return [
    message('T', Buffer.concat([int16(1), ...column])),
    message('D', Buffer.concat([int16(1), int32(1), Buffer.from(isStandby ? 't' : 'f')])),
  ];
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function cString(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function text(body: Buffer): string {
  return body.toString('utf8', 0, body.indexOf(0));
}
