import { Command } from 'commander';
import { printPublicSchema } from '../graphql/print-schema.ts';

export function schemaCommand(): Command {
  const schema = new Command('schema').description('the GraphQL schema');
  schema
    .command('print')
    .description('print the public schema')
    .action(() => {
      process.stdout.write(printPublicSchema());
    });
  return schema;
}
