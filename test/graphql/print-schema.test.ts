import { readFileSync } from 'node:fs';
import { printPublicSchema } from '../../src/graphql/print-schema.ts';

describe('the committed schema', () => {
  it('is the schema of the code (npm run codegen writes it)', () => {
    const committed = readFileSync(
      new URL('../../src/graphql/schema.graphql', import.meta.url),
      'utf8',
    );
    expect(committed).toBe(printPublicSchema());
  });
});
