import { EventEmitter } from 'node:events';
import { heedSignals } from '../src/process-signals.ts';

describe('the signals of the process', () => {
  const arrange = () => {
    const exits: (number | undefined)[] = [];
    const process = Object.assign(new EventEmitter(), {
      exit: (code?: number) => void exits.push(code),
    });
    return { process, exits, signals: heedSignals(process as unknown as NodeJS.Process) };
  };

  it.each(['SIGTERM', 'SIGINT'])('end a start on %s at once, with 0', (signal) => {
    const { process, exits } = arrange();
    process.emit(signal);
    expect(exits).toEqual([0]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leave %s to who listens', (signal) => {
    const { process, exits, signals } = arrange();
    let heard = 0;
    signals.on(signal, () => {
      heard += 1;
    });
    process.emit(signal);
    expect(heard).toBe(1);
    expect(exits).toEqual([]);
  });
});
