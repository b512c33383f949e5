import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { GuessEstimate } from '../../src/passwords/guess-estimate.ts';
import { checkout } from './test-databases.ts';

export const estimatorSocket = join(tmpdir(), `gatehouse-test-estimator-${checkout}.sock`);

/**
 * Has a password judged by the one estimator of all tests: in a thread of each gateway it would read its
 * dictionaries anew, which takes longer than most tests do.
 */
export async function estimatePassword(
  password: string,
  ownWords: readonly string[],
): Promise<GuessEstimate> {
  const sent = request({ socketPath: estimatorSocket, method: 'POST', agent: false });
  sent.end(JSON.stringify([password, ownWords]));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return (await json(response)) as GuessEstimate;
}
