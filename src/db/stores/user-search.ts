import type { EntityManager } from 'typeorm';
import type { Conditions } from '../conditions.ts';
import type { Statement } from '../statement.ts';

/** Notes under what accounts are found; after whatever changed their addresses or names. $1 ids */
export const noteUserSearch: Statement = {
  name: 'user-search-note',
  text: `
    INSERT INTO user_search (user_id, text)
    SELECT id, lower(concat_ws(' ', email, username, first_name, last_name))
    FROM users WHERE id = ANY ($1::uuid[])
    ON CONFLICT (user_id) DO UPDATE SET text = EXCLUDED.text`,
};

/** So many that sorting them costs more than walking the list until enough were met. */
const many = 2_000;
const shortestPart = 3;

/**
 * Lets through whoever has `search` in their address or name. Less than three characters have no
 * trigram: they are looked for at the beginning of the address and the username.
 *
 * PostgreSQL takes trigrams of one word for independent, and would sort a quarter of a million accounts
 * for 'example.com'. So the index is asked for the accounts first; where those are many, the list is
 * walked in its order instead, which meets one of them every few hundred accounts at the latest, among a
 * million.
 */
export async function addSearch(
  manager: EntityManager,
  { add }: Conditions,
  search: string,
): Promise<void> {
  const text = search.toLowerCase();
  if ([...text].length < shortestPart) {
    add('(u.email_canonical LIKE ? OR u.username_canonical LIKE ?)', `${literal(text)}%`);
    return;
  }
  const part = `%${literal(text)}%`;
  const found: { user_id: string }[] = await manager.query(
    `SELECT s.user_id FROM user_search s
     WHERE user_search_trigrams(s.text) @> user_search_trigrams(lower($1)) AND s.text LIKE lower($2)
     LIMIT ${many + 1}`,
    [text, part],
  );
  if (found.length <= many) {
    const ids = found.map((row) => row.user_id);
    add('u.id = ANY (?::uuid[])', ids);
  } else {
    add('(SELECT s.text FROM user_search s WHERE s.user_id = u.id) LIKE lower(?)', part);
  }
}

/** What LIKE would read as a pattern is taken as it stands. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
