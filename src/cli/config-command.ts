import { Command } from 'commander';
import { misspeltVariables } from '../config/misspelt-variables.ts';
import { type PageTextSlips, pageTextSlips } from '../config/page-text-slips.ts';
import { variables } from '../config/variables.ts';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';

export function configCommand(): Command {
  const config = new Command('config').description('the configuration');
  config
    .command('check')
    .description('read the environment and name every problem; exit code 1 when there is one')
    .action(async (_options, command: Command) => {
      const { production, names, pages } = commandConfig();
      const { printPublicSchema } = await import('../graphql/print-schema.ts');
      // Refuses what does not fit the schema.
      printPublicSchema(names);
      const mode = production ? 'production' : 'development';
      const misspelt = misspeltVariables(process.env, Object.keys(variables));
      for (const { name, meant } of misspelt) {
        process.stderr.write(`${name} means nothing here: ${meant}?\n`);
      }
      const texts = pageTextSlips(pages.look.texts);
      for (const slips of texts) process.stderr.write(linesOf(slips));
      print(
        command,
        {
          ok: true,
          mode,
          ...(misspelt.length > 0 ? { misspelt } : {}),
          ...(texts.length > 0 ? { texts } : {}),
        },
        `The configuration is good (${mode}).`,
      );
    });
  return config;
}

function linesOf({ locale, unknown, missing, unfilled }: PageTextSlips): string {
  const line = (keys: readonly string[], what: string) =>
    keys.length === 0 ? '' : `pages.texts.${locale}: ${what}: ${keys.join(', ')}\n`;
  return [
    line(unknown, 'no page has'),
    line(unfilled, 'something in braces that nothing fills in'),
    line(missing, 'said in English'),
  ].join('');
}
