import { randomUUID } from 'node:crypto';

export const goodPassword = 'correct horse battery staple';

/** An e-mail address that no other test uses. */
export function freshEmail(name = 'ada'): string {
  return `${name}-${randomUUID()}@example.com`;
}
