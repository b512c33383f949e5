import { BadUserInput } from '../core/domain-error.ts';

/** Reads where a browser is sent when a provider has answered. @throws BadUserInput */
export type ReadReturnTo = (text: string) => string;

const longest = 2_048;

/**
 * Attack: an address of the attacker's as the one to return to, so that a sign-in that began on our page
 * ends on theirs, with its code (open redirect). Only pages of the origins that may use cookies here are
 * returned to. The address has to be whole, and written as browsers write it: what reads as one of
 * ours and is another to a browser (`//evil`, `/\evil`, `https://ours@evil`) is a text that no
 * browser writes.
 */
export function createReadReturnTo(origins: readonly string[]): ReadReturnTo {
  const allowed = new Set(origins);
  return (text) => {
    if (text.length > longest || !URL.canParse(text)) throw refused();
    const { href, protocol, origin, username, password } = new URL(text);
    // A blob has the origin of the page that has made it.
    const isOfWeb = protocol === 'https:' || protocol === 'http:';
    const isPlain = (href === text || href === `${text}/`) && !text.includes('#');
    if (!isOfWeb || !isPlain || username !== '' || password !== '' || !allowed.has(origin))
      throw refused();
    return href;
  };
}

function refused(): BadUserInput {
  const message =
    'This must be the whole address of a page of ours, or of CORS_ORIGINS, without a fragment.';
  return new BadUserInput([{ path: 'returnTo', rule: 'RETURN_TO', message }]);
}
