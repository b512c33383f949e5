import type { Names } from './names.ts';

/** What somebody who tries it sends first, under the names of the graph; undefined where it lacks that. */
export function firstMutation(names: Names): string | undefined {
  if (names.register === false || names['User.email'] === false) return undefined;
  const [register, email] = [names.register ?? 'register', names['User.email'] ?? 'email'];
  return `mutation {
  ${register}(input: { email: "ada@example.com", password: "correct horse battery" }) {
    accessToken
    user {
      id
      ${email}
    }
  }
}`;
}
