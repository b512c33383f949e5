/** A secret that the gateway and the pages' server share, and nobody else: both read .env. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

if (!existsSync('.env')) {
  const secret = randomBytes(32).toString('base64url');
  writeFileSync('.env', `TOKEN_EXCHANGE_SECRET=${secret}\n`, { mode: 0o600 });
}
