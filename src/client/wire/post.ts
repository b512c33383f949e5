import { GatehouseError } from '../gatehouse-error.ts';
import { within } from '../ports/within.ts';
import { type AnswerBody, readAnswer } from './read-answer.ts';

export interface Post {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly query: string;
  readonly variables: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly bearer?: string | false | null | undefined;
  readonly credentials?: 'include' | 'omit';
  readonly keepalive?: boolean;
  /** Milliseconds, to the last byte of the answer. */
  readonly patience: number;
  readonly signal?: AbortSignal;
}

/** Sends an operation. @throws GatehouseError `NETWORK` when no answer of the gateway comes */
export async function post(options: Post): Promise<AnswerBody> {
  const {
    url,
    query,
    variables,
    headers,
    bearer,
    patience,
    fetch,
    signal: outer,
    ...init
  } = options;
  const send = async (signal: AbortSignal) =>
    readAnswer(
      await fetch(url, {
        ...init,
        method: 'POST',
        // With a token, nobody is to be led elsewhere.
        redirect: 'manual',
        headers: {
          ...headers,
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ query, variables }),
        signal,
      }),
    );
  try {
    return await within(patience, send, outer);
  } catch (cause) {
    if (cause instanceof GatehouseError) throw cause;
    throw new GatehouseError('NETWORK', `No answer: ${cause}`, {
      retryable: true,
      cause,
    });
  }
}
