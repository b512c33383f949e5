import { type DestinationStream, pino } from 'pino';
import { createTimers } from '../core/timers.ts';
import { describeError } from './described-error.ts';
import { type BlockStream, type BlockTarget, inBlocks } from './log-blocks.ts';
import type { LogEvent } from './log-events.ts';

/** The only fields that a log line may have, besides its level, time and event. */
export interface LogFields {
  readonly requestId?: string;
  /** The trace of the request (W3C Trace Context), as its sender named it. */
  readonly traceId?: string | undefined;
  /** From the list of known ones, never a name that a client chose. */
  readonly operation?: string | undefined;
  readonly status?: number;
  /** Milliseconds that it took. */
  readonly ms?: number;
  readonly aborted?: boolean;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  readonly sessionId?: string;
  readonly port?: number;
  /** Of a service of ours, as the configuration names it. */
  readonly host?: string;
  readonly signal?: string;
  /** As the configuration names it. */
  readonly subgraph?: string;
  /** As the graph's `@policy` names it. */
  readonly policy?: string;
  readonly deleted?: number;
  readonly migrations?: readonly string[];
  readonly err?: unknown;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

type Log = (...line: [event: LogEvent] | [fields: LogFields, event: LogEvent]) => void;

/** Writes events, not prose. */
export type Logger = Readonly<Record<LogLevel, Log>> & {
  readonly isLevelEnabled: (level: LogLevel) => boolean;
  /** Resolves when every line is out, be it that a pipe is emptied late. The last that is asked of it. */
  readonly drained: () => Promise<void>;
};

const allowed: Readonly<Record<keyof LogFields, true>> = {
  requestId: true,
  traceId: true,
  operation: true,
  status: true,
  ms: true,
  aborted: true,
  code: true,
  reason: true,
  detail: true,
  sessionId: true,
  port: true,
  host: true,
  signal: true,
  subgraph: true,
  policy: true,
  deleted: true,
  migrations: true,
  err: true,
};

/** Bytes of a block of lines, and milliseconds. */
const blocks = { largest: 16_384, wait: 250 } as const;
/** What several processes write to one pipe stays whole up to PIPE_BUF bytes (POSIX, write). */
const sharedBlocks = { ...blocks, largest: 4_096 } as const;

export interface LoggerOptions {
  /** Standard output without it. */
  readonly destination?: DestinationStream | BlockStream;
  /** Whether other processes write to the same standard output. */
  readonly isShared?: boolean;
  /** Which of the processes of WORKERS this is; every line says it. */
  readonly worker?: number | undefined;
}

/**
 * JSON lines on standard output, written in blocks off the path of requests; what waits is written at
 * the exit.
 *
 * Attack: a secret that reaches the log by accident, in an object that somebody passed along whole.
 * The compiler refuses a field or an event that is not listed, and what slips past it is dropped.
 */
export function createLogger(
  level: string,
  { destination, isShared = false, worker }: LoggerOptions = {},
): Logger {
  const target = destination ?? standardOutput(isShared);
  const log = pino(
    {
      level,
      base: worker === undefined ? null : { worker },
      timestamp: createTimestamp(),
      serializers: { err: (error: unknown) => describeError(error) },
      formatters: { level: (label: string) => ({ level: label }), log: onlyAllowed },
    },
    target,
  );
  const drained = 'drained' in target ? target.drained : async () => {};
  return Object.assign(log, { drained }) as Logger;
}

function standardOutput(isShared: boolean): BlockStream {
  const { largest, wait } = isShared ? sharedBlocks : blocks;
  const options = { dest: 1, sync: false, maxWrite: largest, contentMode: 'buffer' } as const;
  const target = pino.destination(options) as unknown as BlockTarget;
  return inBlocks(target, { largest, wait, timers: createTimers(), process });
}

function onlyAllowed(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) {
    if (!Object.hasOwn(allowed, name)) return keepAllowed(fields);
  }
  return fields;
}

function keepAllowed(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    if (Object.hasOwn(allowed, name)) kept[name] = fields[name];
  }
  return kept;
}

/** At thousands of lines a second most share their millisecond, and its text. */
function createTimestamp(): () => string {
  let last = 0;
  let text = '';
  return () => {
    const time = Date.now();
    if (time !== last) {
      last = time;
      text = `,"time":"${new Date(time).toISOString()}"`;
    }
    return text;
  };
}
