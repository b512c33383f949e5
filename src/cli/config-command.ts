import { Command } from 'commander';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';

export function configCommand(): Command {
  const config = new Command('config').description('the configuration');
  config
    .command('check')
    .description('read the environment and name every problem; exit code 1 when there is one')
    .action(async (_options, command: Command) => {
      const { production, names } = commandConfig();
      const { printPublicSchema } = await import('../graphql/print-schema.ts');
      // Refuses what does not fit the schema.
      printPublicSchema(names);
      const mode = production ? 'production' : 'development';
      print(command, { ok: true, mode }, `The configuration is good (${mode}).`);
    });
  return config;
}
