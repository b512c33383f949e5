import { request } from 'node:http';

export interface ExactRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** All that a client can see of an answer. */
export interface ExactAnswer {
  readonly status: number | undefined;
  /** In their order, as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Sends a request, and returns the answer without reading anything into it. */
export function exactAnswer(origin: string, sent: ExactRequest): Promise<ExactAnswer> {
  const { method = 'POST', path = '/graphql', headers = {}, body } = sent;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, { method, headers, agent: false });
    outgoing.once('error', reject);
    outgoing.once('response', async (response) => {
      const chunks: Buffer[] = await response.toArray();
      const raw = response.rawHeaders;
      resolve({
        status: response.statusCode,
        headers: raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : [])),
        body: Buffer.concat(chunks).toString('latin1'),
      });
    });
    outgoing.end(body);
  });
}
