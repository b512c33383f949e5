import { EventEmitter } from 'node:events';
import { inBlocks } from '../../src/observability/log-blocks.ts';

describe('lines in blocks', () => {
  const open = () => {
    const written: string[] = [];
    const process = new EventEmitter();
    const target = {
      write: (text: string) => written.push(text),
      flushSync: () => written.push('flushed'),
    };
    const ticks: { readonly milliseconds: number; readonly work: () => void }[] = [];
    const timers = {
      every: (milliseconds: number, work: () => void) => void ticks.push({ milliseconds, work }),
    };
    const { write } = inBlocks(target, {
      largest: 10,
      wait: 250,
      timers,
      process: process as never,
    });
    return { written, write, ticks, exit: () => process.emit('exit', 0) };
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

  it('hands over what waits every 250 milliseconds, and writes nothing where there is nothing', () => {
    const { written, write, ticks } = open();
    write('one\n');
    expect(written).toEqual([]);
    expect(ticks.map(({ milliseconds }) => milliseconds)).toEqual([250]);
    ticks[0]?.work();
    ticks[0]?.work();
    expect(written).toEqual(['one\n']);
  });

  it('loses none when the process exits', () => {
    const { written, write, exit } = open();
    write('one\n');
    exit();
    expect(written).toEqual(['one\n', 'flushed']);
  });
});
