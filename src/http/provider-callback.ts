import type { Request, RequestHandler } from 'express';
import { DomainError } from '../core/domain-error.ts';
import { statusOf, toAnswer } from '../graphql/errors.ts';
import type { ReceiveAnswer } from '../providers/receive-answer.ts';
import { HttpError } from './http-error.ts';
import { noteFailure } from './note-failure.ts';
import { readBytes } from './read-json-body.ts';
import { activityOf } from './request-id.ts';

/** Bytes of a form: what Apple sends has one or two thousand. */
const largestForm = 64 * 1024;

const texts = {
  en: 'This sign-in has ended: it took too long, or was used. Go back to where you began, and begin again.',
  de: 'Diese Anmeldung ist zu Ende: Sie dauerte zu lange oder war schon benutzt. Gehen Sie zurück und beginnen Sie neu.',
} as const;

/**
 * Where providers send browsers back to. It reads no cookie, so that a form from another site may bring the
 * answer while ours stay with `SameSite=Strict`; and it sets none.
 *
 * Attack: a code that stays behind, in a log, in the `Referer` of the next page, or in a form that is sent
 * again. The request's line is in no log of ours; the next page is told of no referrer, and asked for by
 * GET (303); nothing is kept. HEAD, by which addresses are looked at without being opened, spends
 * nothing.
 */
export function providerCallback(receive: ReceiveAnswer): RequestHandler<{ provider: string }> {
  return async (request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('referrer-policy', 'no-referrer');
    try {
      const address = await receive(request.params.provider, await answerIn(request));
      response.statusCode = 303;
      response.setHeader('location', address);
      response.end();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const answer = toAnswer({ message: '' }, error);
      noteFailure(activityOf(response), answer, error);
      response.statusCode = statusOf(answer.extensions.code);
      const language = request.acceptsLanguages('en', 'de') === 'de' ? 'de' : 'en';
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.setHeader('content-language', language);
      response.end(`${texts[language]}\n`);
    }
  };
}

async function answerIn(request: Request<{ provider: string }>): Promise<URLSearchParams> {
  const at = request.url.indexOf('?');
  if (request.method === 'GET') {
    return new URLSearchParams(at === -1 ? '' : request.url.slice(at + 1));
  }
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(type)) {
    throw new HttpError(415, 'BAD_REQUEST', 'The body must be a form.');
  }
  return new URLSearchParams((await readBytes(request, largestForm)).toString());
}
