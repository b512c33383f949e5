import { writeFileSync } from 'node:fs';
import { printPublicSchema } from '../src/graphql/print-schema.ts';

writeFileSync(new URL('../src/graphql/schema.graphql', import.meta.url), printPublicSchema());
