import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { BadAnswer, type RawAnswer } from './subgraph-answer.ts';

/** What is asked for: beside each other, compressing costs more than it saves. */
export const acceptEncoding = 'identity';

/** Some compress whatever they are asked for. */
const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The body of a response as it was before it was compressed (RFC 9110 section 8.4). A coding that is
 * none here is left as it is: Yoga says `none` of its event streams.
 */
export function decodedBody({ headers, body }: Dispatcher.ResponseData): Readable {
  const coding = String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
  const createDecoder = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  // Whoever reads it is told of a failure of either; ending one ends the other.
  return createDecoder ? (pipeline(body, createDecoder(), () => {}) as unknown as Readable) : body;
}

/**
 * Attack: an answer without end, or one of a few kilobytes that unfolds into gigabytes: what is counted
 * is what comes out.
 *
 * @throws BadAnswer beyond `largest` bytes, and for what can't be unfolded
 */
export async function readResponse(
  response: Dispatcher.ResponseData,
  largest: number,
): Promise<RawAnswer> {
  return {
    status: response.statusCode,
    contentType: String(response.headers['content-type'] ?? ''),
    text: (await readBytes(decodedBody(response), largest)).toString('utf8'),
  };
}

async function readBytes(body: Readable, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      // Leaving the loop closes the connection.
      if (size > largest) throw new BadAnswer('too large');
      chunks.push(chunk);
    }
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    const isOfZlib = typeof code === 'string' && code.startsWith('Z_');
    throw isOfZlib ? new BadAnswer('not compressed as it says') : error;
  }
  return Buffer.concat(chunks);
}
