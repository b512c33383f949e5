import type { TestAnswer } from './test-client.ts';

/**
 * All that a stranger sees of an answer, but for what differs between any two: its name, its time, and
 * the cookie that each registration gets, whether it made an account or found one.
 */
export function observed({ status, headers, text }: TestAnswer<unknown>) {
  const shown = [...headers]
    .filter(([name]) => name !== 'date' && name !== 'x-request-id')
    .map(([name, value]) => [name, value.replace(/gtg_[\w-]{43}/, 'gtg_…')])
    .map(([name, value]) => [name, value?.replace(/Expires=[^;]+/, 'Expires=…')]);
  return { status, headers: shown, text };
}
