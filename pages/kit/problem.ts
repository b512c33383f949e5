import { GatehouseError, toGatehouseError } from 'graphql-gatehouse-client';
import { locale } from './locale.ts';
import { problemText } from './problem-texts.ts';
import { settings } from './settings.ts';
import { anyText, hasText } from './texts.ts';

/** The field that a reason is about, if the form has one of these. */
const fieldsOfReasons: Readonly<Record<string, readonly string[]>> = {
  EMAIL_TAKEN: ['email', 'newEmail'],
  USERNAME_TAKEN: ['username'],
  INVALID_CREDENTIALS: ['currentPassword'],
  CODE_INVALID: ['totpCode', 'recoveryCode', 'emailCode'],
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
  const problems = (error.fields ?? []).map(
    (field) => [field.path.split('.').at(-1) ?? '', ruleText(field)] as const,
  );
  const ofReason = fieldsOfReasons[error.reason ?? '']?.find((name) => names.includes(name));
  const all = ofReason === undefined ? problems : [[ofReason, sentenceOf(error)] as const];
  return Object.fromEntries(all.filter(([name]) => names.includes(name)));
}

/** A sentence on what went wrong, and what to do: in the words of the client kit. */
export function problemSentence(thrown: unknown): string {
  const error = toError(thrown);
  const { retryAfterSeconds: seconds, requestId, fields = [] } = error;
  const parts = [sentenceOf(error), ...fields.map(ruleText)];
  if (seconds !== undefined && seconds > 1) parts.push(waitOf(seconds));
  if (requestId !== undefined) parts.push(problemText('problem.quote', { id: requestId }));
  return parts.join(' ');
}

type FieldProblem = NonNullable<GatehouseError['fields']>[number];

function ruleText({ rule, message }: FieldProblem): string {
  const key = `rule.${rule}`;
  return hasText(key) ? anyText(key, { passwordMinLength: settings.passwordMinLength }) : message;
}

function sentenceOf(error: GatehouseError): string {
  const known = [`${error.reason}`, error.code].find(hasText);
  return known === undefined ? problemText('other') : anyText(known);
}

function waitOf(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const [value, unit] =
    seconds < 90 ? ([seconds, 'second'] as const) : ([minutes, 'minute'] as const);
  const time = new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'long' });
  return problemText('problem.wait', { time: time.format(value) });
}

function toError(thrown: unknown): GatehouseError {
  return thrown instanceof GatehouseError ? thrown : toGatehouseError(thrown);
}
