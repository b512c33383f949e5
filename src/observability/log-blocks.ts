import type { DestinationStream } from 'pino';
import type { Timers } from '../core/timers.ts';

export interface BlockTarget {
  readonly write: (text: string) => unknown;
  /** Writes what waits, and returns when it is out. */
  readonly flushSync: () => void;
}

export interface BlockOptions {
  /** Bytes that are collected at most, unless a single line has more. */
  readonly largest: number;
  /** Milliseconds that a line waits at most. */
  readonly wait: number;
  readonly timers: Pick<Timers, 'every'>;
  readonly process: Pick<NodeJS.Process, 'on'>;
}

/**
 * Hands lines over in blocks, whole and in their order. The target could collect them itself, but
 * measures everything that waits anew with each line.
 */
export function inBlocks(
  target: BlockTarget,
  { largest, wait, timers, process }: BlockOptions,
): DestinationStream {
  let block = '';
  let size = 0;
  const handOver = () => {
    if (size === 0) return;
    target.write(block);
    block = '';
    size = 0;
  };
  timers.every(wait, handOver);
  process.on('exit', () => {
    handOver();
    target.flushSync();
  });
  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (size + bytes > largest) handOver();
      block += line;
      size += bytes;
    },
  };
}
