import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { estimateGuesses } from '../../src/passwords/guess-estimate.ts';
import { estimatorSocket } from './password-estimator.ts';

/** Judges the passwords of all tests, so that the dictionaries are read once. */
export async function startPasswordEstimator(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const [password, ownWords] = (await json(request)) as Parameters<typeof estimateGuesses>;
    response.end(JSON.stringify(estimateGuesses(password, ownWords)));
  });
  rmSync(estimatorSocket, { force: true });
  await once(server.listen(estimatorSocket), 'listening');
  return server;
}
