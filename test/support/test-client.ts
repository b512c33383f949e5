import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

export interface GraphQLFailure {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly reason?: string;
    readonly retryable?: boolean;
    readonly retryAfterSeconds?: number;
    readonly fields?: readonly {
      readonly path: string;
      readonly rule: string;
      readonly message: string;
    }[];
    readonly requestId?: string;
    readonly stepUp?: {
      readonly methods?: readonly string[];
      readonly acr: string;
      readonly maxAge?: number;
      readonly challenge?: string;
      readonly expiresAt?: string;
    };
  };
}

export interface TestAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphQLFailure[];
}

export interface SendOptions {
  readonly accessToken?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One browser or app: it keeps cookies, as browsers do, and sends operations. */
export interface TestClient {
  readonly send: <Data, Variables>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
    options?: SendOptions,
  ) => Promise<TestAnswer<Data>>;
  readonly cookies: Map<string, string>;
}

export function createTestClient(origin: string, path = '/graphql'): TestClient {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async send(document, variables, options = {}) {
      const query = typeof document === 'string' ? document : print(document);
      const response = await fetch(`${origin}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(cookies.size > 0 ? { cookie: cookieHeader(cookies) } : {}),
          ...(options.accessToken ? { authorization: `Bearer ${options.accessToken}` } : {}),
          ...options.headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      keepCookies(cookies, response.headers.getSetCookie());
      const text = await response.text();
      const { data, errors = [] } = JSON.parse(text);
      return { status: response.status, headers: response.headers, text, data, errors };
    },
  };
}

/** The data of an answer that must have succeeded. */
export function dataOf<Data>(answer: TestAnswer<Data>): Data {
  if (!answer.data || answer.errors.length > 0)
    throw new Error(`unexpected answer: ${answer.text}`);
  return answer.data;
}

/** Code and reason of an answer's only error, such as `UNAUTHENTICATED/TOKEN_EXPIRED`. */
export function refusalOf(answer: TestAnswer<unknown>): string {
  const [error, ...others] = answer.errors;
  if (!error || others.length > 0) throw new Error(`expected one error: ${answer.text}`);
  const { code, reason } = error.extensions;
  return reason === undefined ? code : `${code}/${reason}`;
}

export function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

export function keepCookies(cookies: Map<string, string>, setCookies: readonly string[]): void {
  for (const line of setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const [, expires] = /;\s*expires=([^;]+)/i.exec(line) ?? [];
    if (value === '' || (expires && Date.parse(expires) === 0)) cookies.delete(name);
    else cookies.set(name, value);
  }
}
