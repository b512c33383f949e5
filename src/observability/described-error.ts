import { fileURLToPath } from 'node:url';
import { DomainError } from '../core/domain-error.ts';

/** An error as it may stand in the log. */
export interface DescribedError {
  readonly type: string;
  readonly code?: string;
  readonly reason?: string;
  /** Only of errors that our own code threw: a message of others may hold what a stranger typed. */
  readonly message?: string;
  readonly detail?: string;
  /** Which constraint of the database a write broke. */
  readonly constraint?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const deepestCause = 3;
const longestStack = 12;
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]dist[\\/]$/, '/');
const frame = /^\s+at .*$/gm;

/**
 * Attack: a log that is read by more people than the database. An error of a database holds the
 * query and its values, one of a parser the text that it could not read, one of an HTTP client the
 * headers. What stands here is chosen: names, codes, places in the code, and messages of our own.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = framesOf(error);
  const code = textOf(error, 'code') ?? textOf(readFrom(error, 'driverError'), 'code');
  const constraint =
    textOf(error, 'constraint') ?? textOf(readFrom(error, 'driverError'), 'constraint');
  const domain = error instanceof DomainError ? error : undefined;
  const isOurs = domain !== undefined || (code === undefined && isThrownByUs(frames));
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...(domain?.reason === undefined ? {} : { reason: domain.reason }),
    ...(isOurs ? { message: error.message } : {}),
    ...(domain?.detail === undefined ? {} : { detail: domain.detail }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(frames.length === 0 ? {} : { stack: frames.join('\n') }),
    ...(error.cause === undefined || depth >= deepestCause
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** The lines of a stack that name places. Its head repeats the message, and is left out. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const start = message === '' ? 0 : stack.indexOf(message) + message.length;
  const lines = stack.slice(Math.max(start, 0)).match(frame) ?? [];
  return lines.slice(0, longestStack).map((line) =>
    line
      .trim()
      .replace(/data:[^:]*/, 'data')
      .replace('file://', '')
      .replace(root, ''),
  );
}

function isThrownByUs([first = '']: readonly string[]): boolean {
  const place = /(?:\(|at (?:async )?)((?:dist\/)?src\/[^()]*)\)?$/.exec(first)?.[1];
  return place !== undefined && !place.includes('node_modules');
}

function textOf(holder: unknown, name: string): string | undefined {
  const value = readFrom(holder, name);
  return typeof value === 'string' ? value : undefined;
}

function readFrom(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && name in holder
    ? (holder as Record<string, unknown>)[name]
    : undefined;
}
