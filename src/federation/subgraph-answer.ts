import { type ExecutionResult, GraphQLError } from 'graphql';
import { withoutByteOrderMark } from '../core/text.ts';
import { SubgraphFailed, type UpstreamError } from './errors.ts';

/** An answer that can't be used, with what was wrong. */
export class BadAnswer extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'BadAnswer';
  }
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export interface AnswerReading {
  readonly subgraph: string;
  readonly passErrors: boolean;
  /** Whether the subgraph was told who is asking. */
  readonly isCallerKnown: boolean;
}

/**
 * Reads a subgraph's answer. An answer with a refusing status counts when it says why in GraphQL's
 * form (GraphQL over HTTP section 6.4).
 *
 * @throws BadAnswer for a page of HTML, half a JSON, or a status that explains nothing
 */
export function readAnswer(
  { status, contentType, text }: RawAnswer,
  reading: AnswerReading,
): ExecutionResult {
  if (!/^application\/(graphql-response\+)?json\b/i.test(contentType)) {
    throw new BadAnswer(`status ${status}, not JSON`);
  }
  const answer = parseObject(text);
  if (!answer) throw new BadAnswer(`status ${status}, broken JSON`);
  const errors = Array.isArray(answer.errors) ? answer.errors.map(toUpstreamError) : [];
  const refusal = errors.find(({ extensions }) => extensions?.code === 'IDENTITY_REFUSED');
  if (refusal) throw new BadAnswer(`refused our identity: ${refusal.extensions?.reason}`);
  const data = toData(answer.data);
  if (status >= 500 || (status >= 300 && errors.length === 0)) {
    throw new BadAnswer(`status ${status}`);
  }
  if (data === undefined && errors.length === 0) throw new BadAnswer('neither data nor errors');
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors.length > 0 ? { errors: errors.map((error) => toError(error, reading)) } : {}),
  };
}

function toError(error: UpstreamError, reading: AnswerReading): GraphQLError {
  const originalError = new SubgraphFailed(error, reading);
  return new GraphQLError(originalError.message, {
    originalError,
    ...(error.path ? { path: error.path } : {}),
  });
}

function toUpstreamError(error: unknown): UpstreamError {
  if (typeof error !== 'object' || error === null) return { message: '' };
  const { message, path, extensions } = error as Record<string, unknown>;
  return {
    message: typeof message === 'string' ? message : '',
    path: Array.isArray(path) ? path.filter(isPathPart) : undefined,
    extensions:
      typeof extensions === 'object' && extensions !== null
        ? (extensions as Record<string, unknown>)
        : undefined,
  };
}

function toData(data: unknown): Record<string, unknown> | null | undefined {
  if (data === undefined || data === null) return data;
  if (typeof data !== 'object' || Array.isArray(data)) throw new BadAnswer('data is no object');
  return data as Record<string, unknown>;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    // RFC 8259 section 8.1 lets a parser ignore a byte order mark, which some frameworks write.
    const value: unknown = JSON.parse(withoutByteOrderMark(text));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isPathPart(part: unknown): part is string | number {
  return typeof part === 'string' || typeof part === 'number';
}
