import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { StartError } from '../core/start-error.ts';
import { withoutByteOrderMark } from '../core/text.ts';

/** What a command reads: a file, or standard input for `-`. A byte order mark is skipped. */
export interface TextSource {
  /** Bytes, where that can be known before. @throws ENOENT where there is no such file, StartError for a folder */
  readonly size: () => Promise<number>;
  readonly bytesRead: () => number;
  readonly lines: () => AsyncGenerator<string, void>;
  readonly whole: () => Promise<string>;
}

export function textSource(name: string): TextSource {
  let bytes = 0;
  const size = async () => {
    if (name === '-') return 0;
    const found = await stat(name);
    if (found.isDirectory()) throw new StartError(`${name} is a folder, and a file is needed.`);
    return found.size;
  };
  const open = async () => {
    await size();
    return name === '-' ? process.stdin : createReadStream(name);
  };
  return {
    size,
    bytesRead: () => bytes,
    async *lines() {
      const input = await open();
      let isFirst = true;
      // An error of the stream is none of the lines', which would simply end.
      const failed = new Promise<never>((_, reject) => input.once('error', reject));
      failed.catch(() => {});
      const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
      for await (const line of lines) {
        bytes += Buffer.byteLength(line) + 1;
        yield isFirst ? withoutByteOrderMark(line) : line;
        isFirst = false;
      }
      if (input.errored) await failed;
    },
    whole: async () => withoutByteOrderMark(await text(await open())),
  };
}
