import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { UserNotFound } from '../src/administration/errors.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { ServiceUnavailable } from '../src/core/domain-error.ts';
import { openDataSource } from '../src/db/data-source.ts';
import { failureText } from '../src/failure-text.ts';

describe('the text of a failed start', () => {
  it('names every problem of the configuration', () => {
    const text = failureText(new ConfigError(['PORT must be a whole number', 'HOST is odd']));
    expect(text.split('\n')).toEqual([
      'The configuration has problems:',
      '  - PORT must be a whole number',
      '  - HOST is odd',
    ]);
  });

  it('says which port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const [error] = await once(createServer().listen(port, '127.0.0.1'), 'error').catch(
      (reason: unknown) => [reason],
    );
    holder.close();
    expect(failureText(error)).toBe(
      `listen EADDRINUSE: address already in use 127.0.0.1:${port}. Another HOST or PORT may help.`,
    );
  });

  it('says what the database did not answer, and keeps its password to itself', async () => {
    const text = await failureToConnect('postgres://ada:geheim@127.0.0.1:1/test');
    expect(text).toBe(
      'The database does not answer: connect ECONNREFUSED 127.0.0.1:1. Is DATABASE_URL right?',
    );
  });

  it.each(['42P01', '42703', '42883'])('says how a database gets its tables: %s', (code) => {
    const error = Object.assign(new Error('relation "users" does not exist'), { code });
    expect(failureText(error)).toBe(
      'The database does not have the tables of this version: relation "users" does not exist. `gatehouse migrate up` makes them, and so does a start.',
    );
  });

  it.each([
    ['ENOENT', 'people.ndjson does not exist.'],
    ['EACCES', 'people.ndjson may not be read or written by this user.'],
    ['EEXIST', 'people.ndjson exists already: name another file, or remove it.'],
  ])('says what is wrong with a file: %s', (code, sentence) => {
    const error = Object.assign(new Error(code), { code, syscall: 'open', path: 'people.ndjson' });
    expect(failureText(error)).toBe(sentence);
  });

  it('says what a use case says, without its class', () => {
    expect(failureText(new UserNotFound())).toBe('There is no such user.');
  });

  it('has words for a host with several addresses, none of which answers', () => {
    const cause = new AggregateError([new Error('first'), new Error('last')]);
    const text = failureText(new ServiceUnavailable('DATABASE', { cause, detail: 'ECONNREFUSED' }));
    expect(text).toBe('The database does not answer: last. Is DATABASE_URL right?');
  });

  it.each([
    ['28P01', 'password authentication failed for user "ada"'],
    ['3D000', 'database "test" does not exist'],
    ['42501', 'permission denied for schema public'],
  ])('repeats in one line what the database refuses (%s)', (code, message) => {
    const text = failureText(Object.assign(new Error(message), { code }));
    expect(text).toBe(`The database refuses: ${message}. Is DATABASE_URL right?`);
  });

  it('keeps the stack of what nobody foresaw', () => {
    expect(failureText(new TypeError('x is not a function'))).toMatch(
      /^TypeError: x is not a function\n\s+at /,
    );
  });
});

async function failureToConnect(url: string): Promise<string> {
  try {
    await openDataSource({ url }, { pool: 1, impatient: true, onConnectionError: () => {} });
    throw new Error('it connected');
  } catch (error) {
    return failureText(error);
  }
}
