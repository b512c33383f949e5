import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Bytes. Far more than any operation of ours needs. */
export const largestBody = 100 * 1024;
/** Bytes. A router sends references to many entities at once. */
export const largestRouterBody = 1024 * 1024;

export interface JsonBody {
  /** As it arrived, for whoever was given its digest. */
  readonly bytes: Buffer;
  readonly value: unknown;
}

const jsonType = /^application\/json *(;|$)/i;
const foreignCharset = /;\s*charset\s*=\s*(?!"?utf-8"?\s*(;|$))/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's body as JSON, in memory that is bounded whatever the client claims or sends.
 *
 * Attacks: a form or a text/plain body that another site can send without asking (CSRF; only
 * application/json passes, which a browser sends cross-origin only after a preflight); a compressed
 * body that unfolds into gigabytes (not decompressed); an endless one (cut off at the limit).
 *
 * @throws HttpError 400, 413 or 415
 */
export async function readJsonBody(
  request: IncomingMessage,
  largest = largestBody,
): Promise<JsonBody> {
  const type = request.headers['content-type'] ?? '';
  if (!jsonType.test(type) || foreignCharset.test(type)) {
    throw new HttpError(415, 'BAD_REQUEST', 'The body must be application/json in UTF-8.');
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new HttpError(415, 'BAD_REQUEST', 'The body must not be compressed.');
  }
  if (Number(request.headers['content-length']) > largest) throw tooLarge(largest);
  const bytes = await readBytes(request, largest);
  return parseJson(bytes);
}

/** What a body that is all there says. @throws HttpError 400 */
export function parseJson(bytes: Buffer): JsonBody {
  try {
    return { bytes, value: JSON.parse(utf8.decode(bytes)) };
  } catch {
    throw new HttpError(400, 'BAD_REQUEST', 'The body is not JSON.');
  }
}

/** As clients write it. Other ways of saying the same are looked at more closely. */
const plainTypes: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json;charset=UTF-8',
]);

/** Whether a request plainly announces a body that `readJsonBody` does not refuse by its head. */
export function announcesJson({ headers }: IncomingMessage, largest: number): boolean {
  return (
    plainTypes.has(headers['content-type']) &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    Number(headers['content-length']) <= largest
  );
}

/** Reads a request's body, up to a limit. @throws HttpError 400 or 413 */
export function readBytes(request: IncomingMessage, largest: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largest) {
        request.pause();
        reject(tooLarge(largest));
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    // Every request closes. Without a listener for errors Node tells of a client that left as of nothing
    // else, and an error that nobody reads would cost more than the rest of this.
    request.once('close', () => {
      if (!request.complete) reject(new HttpError(400, 'BAD_REQUEST', 'The body is incomplete.'));
    });
  });
}

function tooLarge(largest: number): HttpError {
  return new HttpError(
    413,
    'OPERATION_LIMIT',
    `The body has more than ${largest} bytes.`,
    'BODY_SIZE',
  );
}
