const shape = /^[a-z0-9][a-z0-9_.-]{1,30}[a-z0-9]$/i;

export const usernameRule =
  'A username has 3 to 32 letters, digits, dots, dashes or underscores, and starts and ends with a letter or digit.';

/**
 * Tells whether a text may be a username. None holds an `@`, so that a log-in knows a username
 * from an e-mail address, and nobody can take another person's address as a name.
 */
export function isUsername(text: string): boolean {
  return shape.test(text);
}

/** A username as it is kept: without the spaces that a keyboard or a paste left around it. */
export function plainUsername<Given extends string | null>(username: Given): Given {
  return (username === null ? null : username.trim()) as Given;
}

/** The one form under which a username is unique. */
export function canonicalUsername(username: string): string {
  return username.toLowerCase();
}
