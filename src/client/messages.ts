import { GatehouseError } from './gatehouse-error.ts';
import type { ErrorReason } from './generated/errors.ts';
import { de } from './messages/de.ts';
import { en } from './messages/en.ts';
import { toGatehouseError } from './to-gatehouse-error.ts';

export type MessageCode =
  | 'BAD_USER_INPUT'
  | 'CANCELLED'
  | 'FORBIDDEN'
  | 'NETWORK'
  | 'PASSKEY_EXISTS'
  | 'PASSKEY_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'SESSION_CHANGED'
  | 'UNAUTHENTICATED';

/** A sentence for each reason; for those without one, for their code; for all others, `other`. */
export type Messages = Readonly<Record<ErrorReason | MessageCode | 'other', string>>;

const languages: Readonly<Record<string, Messages>> = { de, en };

/**
 * A sentence for people on what went wrong, and what to do.
 *
 * @param error whatever was thrown: it is read by `toGatehouseError`
 * @param locale a language tag, such as `de-CH`; English where there is no other
 */
export function problemText(error: unknown, locale = 'en'): string {
  const { code, reason } = error instanceof GatehouseError ? error : toGatehouseError(error);
  const texts = own(languages, locale.toLowerCase().split(/[-_]/)[0]) ?? en;
  return own(texts, reason) ?? own(texts, code) ?? texts.other;
}

/** What stands there under a name that somebody else chose. */
function own<Value>(all: Readonly<Record<string, Value>>, name = ''): Value | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
