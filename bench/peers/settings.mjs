/** What all peers agree on: the same token, the same checks, the same row, the same answer. */
import { createSecretKey } from 'node:crypto';

export const port = Number(process.env.PORT);
export const secret = process.env.JWT_SECRET ?? '';
/** Made once, as each library's documentation advises where it advises anything. */
export const key = createSecretKey(Buffer.from(secret, 'utf8'));
export const issuer = process.env.PUBLIC_URL ?? '';
export const audience = 'graph';
export const rememberedTokens = 10_000;

export const typeDefs = `
  type User { id: ID! roles: [String!]! email: String firstName: String lastName: String createdAt: String }
  type Query { me: User }
`;

/** The user of a verified token, without a database. */
export function userOf(claims) {
  return claims ? { id: claims.sub, roles: claims.roles } : null;
}

/**
 * Where DATABASE_URL is set, the user with its row, by a prepared statement on a pool of the size
 * that everyone has.
 */
export async function createFindUser() {
  const connectionString = process.env.DATABASE_URL;
  if (!connectionString) return userOf;
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString, max: 10 });
  return async (claims) => {
    if (!claims) return null;
    const { rows } = await pool.query({
      name: 'user',
      text: 'SELECT email, first_name, last_name, created_at FROM users WHERE id = $1',
      values: [claims.sub],
    });
    const [row] = rows;
    return {
      ...userOf(claims),
      email: row.email,
      firstName: row.first_name,
      lastName: row.last_name,
      createdAt: row.created_at.toISOString(),
    };
  };
}
