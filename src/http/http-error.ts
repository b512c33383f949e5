import type { AnswerCode } from '../graphql/error-extensions.type.ts';

/** A request that is refused before GraphQL sees it. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: AnswerCode;
  readonly reason: string | undefined;

  constructor(status: number, code: AnswerCode, message: string, reason?: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}
