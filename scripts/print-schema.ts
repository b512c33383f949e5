import { writeFileSync } from 'node:fs';
import { printAdministrationSchema, printPublicSchema } from '../src/graphql/print-schema.ts';

write('../src/graphql/schema.graphql', printPublicSchema());
write('../src/graphql/administration/schema.graphql', printAdministrationSchema());

function write(path: string, schema: string): void {
  writeFileSync(new URL(path, import.meta.url), schema);
}
