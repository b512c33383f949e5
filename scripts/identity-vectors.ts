import { writeFileSync } from 'node:fs';
import { makeIdentityVectors } from '../test/support/identity-vectors.ts';

/** `npm run vectors`: writes docs/identity-test-vectors.json anew, with new keys. */
writeFileSync(
  new URL('../docs/identity-test-vectors.json', import.meta.url),
  `${JSON.stringify(makeIdentityVectors(), null, 2)}\n`,
);
