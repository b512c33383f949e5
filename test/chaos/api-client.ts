import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Ledger } from './ledger.ts';
import type { Pauses } from './pauses.ts';

/** What came of a request, as a client that means well tells them apart. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly data: Readonly<Record<string, Payload | null>>;
      /** The cookies that this answer set. */
      readonly cookies: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly retryable: boolean }
  /** No answer, or none in time. The work may be done or not. */
  | { readonly kind: 'lost' };

/** The parts of the answers that clients here use. */
export interface Payload {
  readonly id?: string;
  readonly email?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string | null;
  readonly session?: { readonly id: string };
  readonly success?: boolean;
}

export interface ApiRequest {
  readonly operation: keyof typeof documents;
  readonly variables?: object;
  readonly accessToken?: string | undefined;
}

export interface ApiClient {
  readonly send: (request: ApiRequest) => Promise<Outcome>;
  /** What a browser keeps: set by answers as they arrive. */
  readonly cookies: Map<string, string>;
  readonly close: () => void;
}

const signedIn = '{ accessToken refreshToken session { id } }';
const documents = {
  Register: `mutation Register($input: RegisterInput!) { register(input: $input) ${signedIn} }`,
  Login: `mutation Login($input: LoginInput!) { login(input: $input) ${signedIn} }`,
  Refresh: `mutation Refresh($input: RefreshTokenInput) { refreshToken(input: $input) ${signedIn} }`,
  Logout: 'mutation Logout($input: LogoutInput) { logout(input: $input) { success } }',
  Revoke:
    'mutation Revoke($input: RevokeSessionInput!) { revokeSession(input: $input) { success } }',
  Me: 'query Me { me { id } }',
  Person: 'query Person { me { id email } }',
} as const;

/** Milliseconds in which each request must be answered, if only with SERVICE_UNAVAILABLE. */
const answerLimit = 2_000;
/** Those that hash a password may wait for a thread too, for as long as the gateway lets them. */
const hashingLimit = 17_000;
/** Milliseconds after which a client gives up. */
const patience = 20_000;

/** One browser or app, on its own connections. */
export function createApiClient(port: number, ledger: Ledger, pauses: Pauses): ApiClient {
  const agent = new Agent({ keepAlive: true });
  const cookies = new Map<string, string>();

  const send = ({ operation, variables, accessToken }: ApiRequest): Promise<Outcome> => {
    const sent = performance.now();
    const mark = pauses.mark();
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        const took = performance.now() - sent;
        ledger.count(`${operation} ${outcome.kind === 'refused' ? outcome.reason : outcome.kind}`);
        ledger.measure(operation, took);
        const hashes = operation === 'Login' || operation === 'Register';
        if (took > (hashes ? hashingLimit : answerLimit)) {
          const paused = pauses.since(mark);
          const times = `${Math.round(took)} ms, ${Math.round(paused)} ms of them without a processor`;
          if (took - paused > (hashes ? hashingLimit : answerLimit)) {
            ledger.note('slow', `${operation} ${outcome.kind} after ${times}`);
          } else {
            ledger.count('answers late for want of a processor');
          }
        }
        resolve(outcome);
      };
      const outgoing = request({
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        path: '/graphql',
        signal: AbortSignal.timeout(patience),
        headers: {
          'content-type': 'application/json',
          'x-apollo-operation-name': operation,
          ...(cookies.size > 0 ? { cookie: cookieHeader(cookies) } : {}),
          ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        },
      });
      outgoing.once('error', () => end({ kind: 'lost' }));
      outgoing.once('response', (response) => {
        const setCookies = response.headers['set-cookie'] ?? [];
        keepCookies(cookies, setCookies);
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', () => end({ kind: 'lost' }));
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          end(read(operation, text, setCookies, ledger));
        });
      });
      outgoing.end(JSON.stringify({ query: documents[operation], variables }));
    });
  };
  return { send, cookies, close: () => agent.destroy() };
}

function read(
  operation: string,
  text: string,
  setCookies: readonly string[],
  ledger: Ledger,
): Outcome {
  let answer: { data?: Record<string, Payload | null>; errors?: readonly Failure[] };
  try {
    answer = JSON.parse(text);
  } catch {
    ledger.note('wrong', `${operation} is no JSON: ${text.slice(0, 200)}`);
    return { kind: 'refused', reason: 'GARBLED', retryable: true };
  }
  const [failure] = answer.errors ?? [];
  if (!failure) {
    const cookies = new Map<string, string>();
    keepCookies(cookies, setCookies);
    return { kind: 'answered', data: answer.data ?? {}, cookies };
  }
  const { code, reason, retryable } = failure.extensions;
  if (!expectedCodes.has(code)) ledger.note('wrong', `${operation}: ${text.slice(0, 500)}`);
  return { kind: 'refused', reason: reason ?? code, retryable: retryable === true };
}

interface Failure {
  readonly extensions: {
    readonly code: string;
    readonly reason?: string;
    readonly retryable?: boolean;
  };
}

const expectedCodes = new Set([
  'UNAUTHENTICATED',
  'SERVICE_UNAVAILABLE',
  'RATE_LIMITED',
  'CONFLICT',
]);

function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keepCookies(cookies: Map<string, string>, setCookies: readonly string[]): void {
  for (const line of setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
