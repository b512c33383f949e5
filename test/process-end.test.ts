import { EventEmitter } from 'node:events';
import { endInOrder } from '../src/process-end.ts';
import { createTestLog } from './support/test-log.ts';

describe('the end of the process', () => {
  const arrange = () => {
    const exits: (number | undefined)[] = [];
    const stops: string[] = [];
    const timers: (() => void)[] = [];
    const { log, lines } = createTestLog();
    const process = Object.assign(new EventEmitter(), {
      exit: (code?: number) => void exits.push(code),
    });
    let finish = { resolve: () => {}, reject: (_: unknown) => {} };
    endInOrder({
      process: process as unknown as NodeJS.Process,
      signals: process,
      log,
      deadline: 1_000,
      after: (_, work) => timers.push(work),
      stop: (why) => {
        stops.push(why);
        return new Promise<void>((resolve, reject) => {
          finish = { resolve, reject };
        });
      },
    });
    const events = () => lines.map((line) => JSON.parse(line).msg);
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { process, exits, stops, timers, events, settle, finish: () => finish };
  };

  it.each(['SIGTERM', 'SIGINT'])('waits on %s for the stop, and ends with 0', async (signal) => {
    const { process, exits, stops, events, settle, finish } = arrange();
    process.emit(signal);
    await settle();
    expect(exits).toEqual([]);
    finish().resolve();
    await settle();
    expect(exits).toEqual([0]);
    expect(stops).toEqual(['signal']);
    expect(events()).toEqual(['stop.began', 'stop.completed']);
  });

  it('ends at once on the second signal', () => {
    const { process, exits, stops, events } = arrange();
    process.emit('SIGTERM');
    process.emit('SIGINT');
    expect(exits).toEqual([1]);
    expect(stops).toEqual(['signal']);
    expect(events()).toEqual(['stop.began', 'stop.cut_short']);
  });

  it.each(['uncaughtException', 'unhandledRejection'])(
    'logs an %s, stops, and ends with 1',
    async (event) => {
      const { process, exits, stops, events, settle, finish } = arrange();
      process.emit(event, new Error('hunter2'));
      finish().resolve();
      await settle();
      expect(exits).toEqual([1]);
      expect(stops).toEqual(['crash']);
      expect(events()).toEqual(['process.failed', 'stop.completed']);
    },
  );

  it('ends at once on an error during the stop', () => {
    const { process, exits } = arrange();
    process.emit('SIGTERM');
    process.emit('uncaughtException', new Error('again'));
    expect(exits).toEqual([1]);
  });

  it('ends with 1 when the stop fails', async () => {
    const { process, exits, events, settle, finish } = arrange();
    process.emit('SIGTERM');
    finish().reject(new Error('no'));
    await settle();
    expect(exits).toEqual([1]);
    expect(events()).toEqual(['stop.began', 'stop.failed']);
  });

  it('ends with 1 at the deadline', () => {
    const { process, exits, timers, events } = arrange();
    process.emit('SIGTERM');
    for (const work of timers) work();
    expect(exits).toEqual([1]);
    expect(events()).toEqual(['stop.began', 'stop.timed_out']);
  });
});
