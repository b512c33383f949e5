import { GatehouseError, toGatehouseError } from 'graphql-gatehouse-client';
import { locale } from './locale.ts';
import { settings } from './settings.ts';
import { anyText, hasText, kitText } from './texts.ts';

/** The field that a reason is about, if the form has one of these. */
const fieldsOfReasons: Readonly<Record<string, readonly string[]>> = {
  EMAIL_TAKEN: ['email', 'newEmail'],
  USERNAME_TAKEN: ['username'],
  INVALID_CREDENTIALS: ['currentPassword'],
  CODE_INVALID: ['totpCode', 'recoveryCode'],
  CODE_USED: ['totpCode', 'recoveryCode'],
};

/**
 * What is wrong with which field.
 *
 * @param names of the fields that the form has; what is about another is not among the problems
 */
export function fieldProblems(
  thrown: unknown,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const error = toError(thrown);
  const problems = (error.fields ?? []).map(({ path, rule, message }) => {
    const key = `rule.${rule}`;
    const values = { passwordMinLength: settings.passwordMinLength };
    const text = hasText(key) ? anyText(key, values) : message;
    return [path.split('.').at(-1) ?? '', text] as const;
  });
  const ofReason = fieldsOfReasons[error.reason ?? '']?.find((name) => names.includes(name));
  const all = ofReason === undefined ? problems : [[ofReason, sentenceOf(error)] as const];
  return Object.fromEntries(all.filter(([name]) => names.includes(name)));
}

/** A sentence on what went wrong, and what to do: in the words of the client kit. */
export function problemSentence(thrown: unknown): string {
  const error = toError(thrown);
  const parts = [sentenceOf(error)];
  const { retryAfterSeconds: seconds, requestId } = error;
  if (seconds !== undefined && seconds > 1) parts.push(waitOf(seconds));
  if (requestId !== undefined) parts.push(kitText('problem.quote', { id: requestId }));
  return parts.join(' ');
}

function sentenceOf(error: GatehouseError): string {
  const known = [`${error.reason}`, error.code].find(hasText);
  return known === undefined ? kitText('other') : anyText(known);
}

function waitOf(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const [value, unit] =
    seconds < 90 ? ([seconds, 'second'] as const) : ([minutes, 'minute'] as const);
  const time = new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'long' });
  return kitText('problem.wait', { time: time.format(value) });
}

function toError(thrown: unknown): GatehouseError {
  return thrown instanceof GatehouseError ? thrown : toGatehouseError(thrown);
}
