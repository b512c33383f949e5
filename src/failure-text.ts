import { types } from 'node:util';
import { ServiceUnavailable } from './core/domain-error.ts';
import { StartError } from './core/start-error.ts';

/** SQLSTATE classes and codes: log-in refused, no such database, no privilege. */
const refusedByDatabase = /^(28\w{3}|3D\w{3}|42501)$/;

/** Where to look, by the system call that failed. */
const systemCalls: Readonly<Record<string, string>> = {
  listen: 'Another HOST or PORT may help.',
  mkdir: 'Is DATA_DIR right?',
  open: 'May this user read and write there?',
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
  if (!types.isNativeError(error)) return String(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
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
