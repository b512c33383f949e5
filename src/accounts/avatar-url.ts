import type { FieldProblem } from '../core/domain-error.ts';

const longest = 2_048;

/**
 * Reads the address of a picture, and returns it as the URL standard writes it.
 *
 * Attack: `javascript:` or `data:` in a field that other people's pages put into a link or an image.
 * Nothing but https passes, and no name or password in it.
 *
 * @returns undefined when the text is no such address
 */
export function parseAvatarUrl(text: string): string | undefined {
  if (text.length > longest || !URL.canParse(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  return href.length > longest ? undefined : href;
}

/** What is said of a text that is no such address. */
export function avatarUrlProblem(path: string): FieldProblem {
  const message = `The address of a picture starts with https:// and has at most ${longest} characters.`;
  return { path, rule: 'HTTPS_URL', message };
}
