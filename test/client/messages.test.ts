import { GatehouseError } from '../../src/client/index.ts';
import { de } from '../../src/client/messages/de.ts';
import { en } from '../../src/client/messages/en.ts';
import { problemText } from '../../src/client/messages.ts';

const refused = new GatehouseError('UNAUTHENTICATED', 'Wrong.', { reason: 'INVALID_CREDENTIALS' });

describe('problemText', () => {
  it('is a sentence for the reason', () => {
    expect(problemText(refused)).toBe(en.INVALID_CREDENTIALS);
  });

  it.each([
    ['de', de],
    ['de-CH', de],
    ['DE_at', de],
    ['en-GB', en],
    ['fr', en],
    ['', en],
    ['constructor', en],
  ])('speaks the language that %j names, or English', (locale, texts) => {
    expect(problemText(refused, locale)).toBe(texts.INVALID_CREDENTIALS);
  });

  it('is one for the code where the reason is unknown, as a newer gateway’s may be', () => {
    const error = new GatehouseError('RATE_LIMITED', '', { reason: 'NEW' as never });
    expect(problemText(error)).toBe(en.RATE_LIMITED);
  });

  it.each([['constructor'], ['toString'], ['NEW']])('is one for all else: %s', (code) => {
    expect(problemText(new GatehouseError(code as never, ''))).toBe(en.other);
  });

  it.each([
    [new TypeError('Failed to fetch'), en.NETWORK],
    [
      { errors: [{ message: '', extensions: { code: 'CONFLICT', reason: 'EMAIL_TAKEN' } }] },
      en.EMAIL_TAKEN,
    ],
    [{ graphQLErrors: [{ extensions: { code: 'FORBIDDEN' } }] }, en.FORBIDDEN],
    [null, en.NETWORK],
  ])('reads whatever a client throws', (failure, text) => {
    expect(problemText(failure)).toBe(text);
  });

  it('says nothing that the gateway said, which may be in another language', () => {
    const error = new GatehouseError('INTERNAL_SERVER_ERROR', '<b>secret</b>');
    expect(problemText(error, 'de')).toBe(de.other);
  });
});
