import { EventEmitter } from 'node:events';

type Signal = 'SIGINT' | 'SIGTERM';

/** Where signals to end come from. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
}

/**
 * The signals of this process. Until somebody listens, one ends it at once with exit code 0: a start
 * that nobody waits for any more. As the first process of a container it would not end otherwise, for
 * there the system drops a signal that nobody handles.
 */
export function heedSignals(process: Pick<NodeJS.Process, 'on' | 'exit'>): SignalSource {
  const signals = new EventEmitter();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!signals.emit(signal)) process.exit(0);
    });
  }
  return signals;
}
