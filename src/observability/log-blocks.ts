import type { DestinationStream } from 'pino';
import type { Timers } from '../core/timers.ts';

export interface BlockTarget {
  /** Keeps what it is given until it is out. */
  readonly write: (block: Buffer) => unknown;
  /** Writes what waits, and returns when it is out; what is being written already is left to itself. */
  readonly flushSync: () => void;
  /** Writes what waits, too, and tells of it by the event `close`. Takes nothing more. */
  readonly end: () => void;
  readonly once: (event: 'close', listener: () => void) => unknown;
}

export interface BlockStream extends DestinationStream {
  /** Resolves when everything is out. What is written after that goes nowhere. */
  readonly drained: () => Promise<void>;
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
 * Hands lines over in blocks, whole and in their order. Each is put as bytes where it will be written
 * from; the target could collect them itself, but measures everything that waits anew with each line.
 *
 * A block that is being written when the process exits is lost, which happens where nobody has emptied
 * the pipe for a while. So whoever ends in order waits until it is drained. While nobody empties it, no
 * more is kept than what the lines have.
 */
export function inBlocks(
  target: BlockTarget,
  { largest, wait, timers, process }: BlockOptions,
): BlockStream {
  const block = Buffer.allocUnsafeSlow(largest);
  let size = 0;
  let isEnded = false;
  const handOver = () => {
    if (size === 0 || isEnded) return;
    target.write(Buffer.from(block.subarray(0, size)));
    size = 0;
  };
  timers.every(wait, handOver);
  process.on('exit', () => {
    handOver();
    if (!isEnded) target.flushSync();
  });
  return {
    drained: () =>
      new Promise((resolve) => {
        handOver();
        isEnded = true;
        target.once('close', resolve);
        target.end();
      }),
    write(line) {
      if (isEnded) return;
      // Most surely fit, with three bytes for each of their letters.
      if (size + 3 * line.length > largest) {
        const bytes = Buffer.byteLength(line);
        if (size + bytes > largest) handOver();
        if (bytes > largest) {
          target.write(Buffer.from(line));
          return;
        }
      }
      size += block.write(line, size);
    },
  };
}
