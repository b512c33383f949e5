/**
 * Sends prepared requests over plain sockets, one at a time on each connection, and reads every
 * answer: a process of its own, so that what it costs is not counted. A client library would cost
 * more than the server that it measures.
 */
import { connect, type Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { LoadRequest, LoadResult, LoadTask } from './load-messages.ts';
import { percentile } from './percentile.ts';

interface Prepared extends LoadRequest {
  readonly bytes: Buffer;
  /** Bodies that were found to be right. */
  right: Buffer | undefined;
}

process.on('message', async (task: LoadTask) => process.send?.(await run(task)));
process.on('disconnect', () => process.exit());

async function run(task: LoadTask): Promise<LoadResult> {
  const requests = task.requests.map((request) => prepare(task, request));
  const tokens = task.tokens && [...task.tokens];
  const tokenIn = new RegExp(`"${task.tokenField ?? 'refreshToken'}":"([^"]+)"`);
  const times: number[] = [];
  let wrong = 0;
  let example: string | undefined;
  let turn = 0;
  const start = performance.now();
  const end = start + task.milliseconds;
  const latestEnd = start + 3 * task.milliseconds;
  const goesOn = () => {
    const now = performance.now();
    return now < end || (now < latestEnd && times.length < (task.atLeast ?? 0));
  };

  const complain = (text: string) => {
    wrong += 1;
    example ??= text.slice(0, 1_000);
  };
  const next = (): Prepared => {
    const request = requests[turn % requests.length];
    turn += 1;
    if (!request) throw new Error('no requests');
    return request;
  };
  const stayAwake = () => {
    if (goesOn()) setImmediate(stayAwake);
  };
  if (task.awake) stayAwake();
  await Promise.all(
    Array.from({ length: task.connections }, async () => {
      const connection = await openConnection(task.port);
      while (goesOn()) {
        const request = next();
        const token = tokens && takeAny(tokens);
        const bytes =
          token === undefined
            ? request.bytes
            : head(task, request, request.body?.replace('{{token}}', token));
        const sent = performance.now();
        const answer = await connection.send(bytes).catch((error: Error) => {
          complain(error.message);
          return undefined;
        });
        if (!answer) return;
        if (request.tolerated !== undefined && answer.body.includes(request.tolerated)) continue;
        times.push(performance.now() - sent);
        const problem = check(request, answer);
        if (problem !== undefined) complain(problem);
        if (tokens) {
          const successor = tokenIn.exec(answer.body.toString())?.[1];
          if (successor === undefined) complain(`no token in ${answer.body}`);
          else tokens.push(successor);
        }
      }
      connection.close();
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  return {
    answered: times.length,
    wrong,
    example,
    seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    ...(tokens ? { tokens } : {}),
  };
}

/** Takes out one of them at random. */
function takeAny(tokens: string[]): string | undefined {
  const place = Math.floor(Math.random() * tokens.length);
  const taken = tokens[place];
  const last = tokens.pop();
  if (last !== undefined && place < tokens.length) tokens[place] = last;
  return taken;
}

function prepare(task: LoadTask, request: LoadRequest): Prepared {
  return { ...request, bytes: head(task, request, request.body), right: undefined };
}

function head(task: LoadTask, { headers }: LoadRequest, body: string | undefined): Buffer {
  const lines = Object.entries({
    host: `127.0.0.1:${task.port}`,
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const method = body === undefined ? 'GET' : 'POST';
  return Buffer.from(`${method} ${task.path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
}

/** What is wrong with an answer. Bytes that were right once are right again. */
function check(request: Prepared, { status, body }: Answer): string | undefined {
  if (request.right?.equals(body)) return undefined;
  const isRight = status === 200 && isExpected(body.toString(), request.expected);
  if (!isRight) return `${status} ${body}`;
  request.right = body;
  return undefined;
}

function isExpected(text: string, expected: LoadRequest['expected']): boolean {
  try {
    const answer = JSON.parse(text);
    if (answer.errors !== undefined) return false;
    if (expected === undefined) return Boolean(answer.data);
    return Object.entries(expected).every(([field, value]) =>
      isDeepStrictEqual(answer[field], value),
    );
  } catch {
    return false;
  }
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Connection {
  /** @throws Error when the connection ends before the answer */
  readonly send: (bytes: Buffer) => Promise<Answer>;
  readonly close: () => void;
}

async function openConnection(port: number): Promise<Connection> {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay();
  let received: Buffer = Buffer.alloc(0);
  let settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (!answer) return;
    received = Buffer.alloc(0);
    settle?.resolve(answer);
  });
  const fail = (error = new Error('the connection ended')) => settle?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });
  return {
    send(bytes) {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      });
    },
    close() {
      settle = undefined;
      socket.destroy();
    },
  };
}

const lengthLine = /\r\ncontent-length: *(\d+)/i;
const blankLine = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/** A whole answer, or undefined while more has to come. */
function readAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf(blankLine);
  if (end === -1) return undefined;
  const headers = bytes.toString('latin1', 0, end);
  const status = Number(headers.slice(9, 12));
  const rest = bytes.subarray(end + blankLine.length);
  const length = lengthLine.exec(headers)?.[1];
  if (length !== undefined) {
    return rest.length < Number(length) ? undefined : { status, body: rest };
  }
  if (!rest.subarray(-lastChunk.length).equals(lastChunk)) return undefined;
  return { status, body: unchunk(rest) };
}

function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
