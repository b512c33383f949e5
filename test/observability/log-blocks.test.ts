import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { inBlocks } from '../../src/observability/log-blocks.ts';

describe('lines in blocks', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const open = () => {
    const written: string[] = [];
    const process = new EventEmitter();
    const target = {
      write: (text: string) => written.push(text),
      flushSync: () => written.push('flushed'),
    };
    const { write } = inBlocks(target, { largest: 10, wait: 250, process: process as never });
    return { written, write, exit: () => process.emit('exit', 0) };
  };

  it('hands them over together, whole and in their order, before they are more than the largest', () => {
    const { written, write } = open();
    for (const line of ['one\n', 'two\n', 'drei\n', 'vier\n', 'fünf\n']) write(line);
    expect(written).toEqual(['one\ntwo\n', 'drei\nvier\n']);
  });

  it('hands over a single line that is larger as it is', () => {
    const { written, write } = open();
    write('one\n');
    write('a line that is too long\n');
    write('two\n');
    expect(written).toEqual(['one\n', 'a line that is too long\n']);
  });

  it('lets none wait for longer than it may, and writes nothing where there is nothing', () => {
    const { written, write } = open();
    write('one\n');
    jest.advanceTimersByTime(249);
    expect(written).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(written).toEqual(['one\n']);
    jest.advanceTimersByTime(10_000);
    expect(written).toEqual(['one\n']);
  });

  it('loses none when the process exits', () => {
    const { written, write, exit } = open();
    write('one\n');
    exit();
    expect(written).toEqual(['one\n', 'flushed']);
  });
});
