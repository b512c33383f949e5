/**
 * better-auth behind node:http on PostgreSQL, as its documentation advises for production: joins
 * instead of a second query, with COOKIE_CACHE=on the session remembered in a signed cookie, and no
 * telemetry. The rate limit is off: everyone has the address of the load. Passwords are hashed with
 * its own scrypt, or with PASSWORDS=bcrypt as ours are.
 */
import { createServer } from 'node:http';
import bcrypt from 'bcryptjs';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';
import { issuer, port, secret } from './settings.mjs';

const cost = 10;
const bcryptPasswords = {
  hash: (password) => bcrypt.hash(password, cost),
  verify: ({ hash, password }) => bcrypt.compare(password, hash),
};

const auth = betterAuth({
  baseURL: issuer,
  secret,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }),
  emailAndPassword: {
    enabled: true,
    ...(process.env.PASSWORDS === 'bcrypt' ? { password: bcryptPasswords } : {}),
  },
  session: {
    // Five minutes by default: here as long as a run takes, so that every check is a hit.
    cookieCache: { enabled: process.env.COOKIE_CACHE === 'on', maxAge: 12 * 3_600 },
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  advanced: { database: { joins: true } },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
createServer(toNodeHandler(auth)).listen(port, '127.0.0.1');
