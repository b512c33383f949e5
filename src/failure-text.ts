import { types } from 'node:util';
import { DomainError, ServiceUnavailable } from './core/domain-error.ts';
import { StartError } from './core/start-error.ts';

/** SQLSTATE classes and codes: log-in refused, no such database, no privilege. */
const refusedByDatabase = /^(28\w{3}|3D\w{3}|42501)$/;

/** SQLSTATE: no such table, column or function. */
const olderSchema = /^(42P01|42703|42883)$/;

/** What TLS says of a certificate (tls.TLSSocket#authorizationError). */
const badCertificate = /CERT|UNABLE_TO_VERIFY/;

/** Where to look, by the system call that failed. */
const systemCalls: Readonly<Record<string, string>> = {
  listen: 'Another HOST or PORT may help.',
  mkdir: 'Is DATA_DIR right?',
};

/** What is wrong with a file or folder, by the code of the system's error. */
const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read or written by this user',
  EISDIR: 'is a folder, and a file is needed',
  ENOTDIR: 'lies below something that is no folder',
  EEXIST: 'exists already: name another file, or remove it',
  EROFS: 'lies where nothing can be written',
};

/**
 * What an operator reads when a start or a command fails: one line where the cause is outside and
 * known, the stack where it is neither.
 */
export function failureText(error: unknown): string {
  if (error instanceof StartError) return error.message;
  if (error instanceof ServiceUnavailable) {
    return `The database does not answer: ${causeOf(error)}. Is DATABASE_URL right?`;
  }
  // Told to strangers too: it is a sentence.
  if (error instanceof DomainError) return error.message;
  if (!types.isNativeError(error)) return String(error);
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const problem = code === undefined ? undefined : fileProblems[code];
  if (problem !== undefined && path !== undefined && syscall !== 'connect' && syscall !== 'mkdir') {
    return `${path} ${problem}.`;
  }
  if (code !== undefined && olderSchema.test(code)) {
    return `The database does not have the tables of this version: ${error.message}. \`gatehouse migrate up\` makes them, and so does a start.`;
  }
  if (error.message === 'The server does not support SSL connections') {
    return 'The database offers no TLS, and sslmode in DATABASE_URL asks for it.';
  }
  if (code !== undefined && badCertificate.test(code)) {
    return `The database's certificate is not trusted: ${error.message}. docs/operations.md tells what sslmode and sslrootcert in DATABASE_URL do.`;
  }
  if (code !== undefined && refusedByDatabase.test(code)) {
    return `The database refuses: ${error.message}. Is DATABASE_URL right?`;
  }
  const advice = syscall === undefined ? undefined : systemCalls[syscall];
  if (advice !== undefined) return `${error.message}. ${advice}`;
  return error.stack ?? error.message;
}

/** A host with several addresses fails with an error for each, and an empty message for all. */
function causeOf({ cause, detail }: ServiceUnavailable): string {
  const { errors } = (cause ?? {}) as { errors?: readonly unknown[] };
  const error = errors?.at(-1) ?? cause;
  return types.isNativeError(error) ? error.message : (detail ?? 'no answer');
}
