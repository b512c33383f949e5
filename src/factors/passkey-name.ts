import { BadUserInput } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';

const longestName = 64;

/** What its owner calls a passkey. @throws BadUserInput */
export function passkeyName(given: string | null): string {
  const name = given?.trim() ?? '';
  if (codePoints(name) > longestName || /[\p{Cc}\p{Cs}]/u.test(name)) {
    const message = `The name of a passkey has at most ${longestName} characters.`;
    throw new BadUserInput([{ path: 'name', rule: 'NAME', message }]);
  }
  return name === '' ? 'Passkey' : name;
}
