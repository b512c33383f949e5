import { EventEmitter } from 'node:events';
import { inBlocks } from '../../src/observability/log-blocks.ts';

describe('lines in blocks', () => {
  const open = () => {
    const written: string[] = [];
    const kept: Buffer[] = [];
    const process = new EventEmitter();
    const closed = new EventEmitter();
    const target = {
      write: (block: Buffer) => {
        kept.push(block);
        written.push(block.toString());
      },
      flushSync: () => written.push('flushed'),
      end: () => written.push('ended'),
      once: closed.once.bind(closed),
    };
    const ticks: { readonly milliseconds: number; readonly work: () => void }[] = [];
    const timers = {
      every: (milliseconds: number, work: () => void) => void ticks.push({ milliseconds, work }),
    };
    const { write, drained } = inBlocks(target, {
      largest: 10,
      wait: 250,
      timers,
      process: process as never,
    });
    const exit = () => process.emit('exit', 0);
    return { written, kept, write, drained, ticks, exit, close: () => closed.emit('close') };
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

  it('counts bytes, whatever letters they are of', () => {
    const { written, write } = open();
    for (const line of ['ääää\n', 'o\n', '€€€\n', '🦄🦄\n', 'ü\n']) write(line);
    write('€€€€\n');
    expect(written).toEqual(['ääää\n', 'o\n', '€€€\n', '🦄🦄\n', 'ü\n', '€€€€\n']);
  });

  it('fills a block to its last byte', () => {
    const { written, write } = open();
    for (const line of ['one\n', '12345\n', 'two\n']) write(line);
    expect(written).toEqual(['one\n12345\n']);
  });

  it('changes no block that was handed over, for it may wait to be written', () => {
    const { kept, write } = open();
    for (const line of ['one\n', 'two\n', 'drei\n', 'vier\n', 'fünf\n']) write(line);
    expect(kept.map(String)).toEqual(['one\ntwo\n', 'drei\nvier\n']);
  });

  it('keeps no more than what the lines have, while nobody takes them', () => {
    const { kept, write, ticks } = open();
    for (let count = 0; count < 100; count += 1) {
      write('o\n');
      ticks[0]?.work();
    }
    expect(kept.reduce((sum, { length }) => sum + length, 0)).toBe(200);
    expect(new Set(kept.map(({ buffer }) => buffer)).size).toBeLessThan(5);
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

  it('is drained when the last of them is out, and takes nothing more', async () => {
    const { written, write, drained, ticks, exit, close } = open();
    write('one\n');
    let isDrained = false;
    const draining = drained().then(() => {
      isDrained = true;
    });
    await Promise.resolve();
    expect({ written, isDrained }).toEqual({ written: ['one\n', 'ended'], isDrained: false });
    close();
    await draining;
    write('too late\n');
    ticks[0]?.work();
    exit();
    expect(written).toEqual(['one\n', 'ended']);
  });
});
