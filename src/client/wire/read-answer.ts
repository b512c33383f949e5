import { GatehouseError } from '../gatehouse-error.ts';

/** The body of a GraphQL answer. */
export interface AnswerBody {
  readonly data?: { readonly [field: string]: unknown } | null;
  readonly errors?: readonly unknown[];
}

/**
 * @throws GatehouseError `NETWORK`, which says what came, for whatever is no answer of a gateway: a
 *   proxy's page, a redirect, a cut body
 */
export async function readAnswer(response: Response): Promise<AnswerBody> {
  const { status, headers, type } = response;
  const text = await response.text();
  let body: AnswerBody | undefined;
  try {
    body = JSON.parse(text);
  } catch {}
  if (body?.errors?.map || body?.data) return body;
  const what =
    /redirect/.test(type) || (status > 299 && status < 400)
      ? 'a redirect'
      : headers.get('content-type');
  const isCut = !body && /json/.test(`${what}`);
  throw new GatehouseError(
    'NETWORK',
    `No answer: ${isCut ? 'half of one' : (what ?? 'nothing')} (HTTP ${status})`,
    {
      retryable: isCut || status === 429 || status > 499,
      retryAfterSeconds: Number(headers.get('retry-after')) || undefined,
    },
  );
}
