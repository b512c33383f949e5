import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { createExportUsers } from '../administration/export-users.ts';
import { createImportUsers, type ImportTotals } from '../administration/import-users.ts';
import { isId } from '../core/random.ts';
import { StartError } from '../core/start-error.ts';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';
import { textSource } from './text-source.ts';
import { withDatabase } from './with-database.ts';

const now = () => new Date();

export function importCommand(): Command {
  return new Command('import')
    .description('import accounts, one JSON object a line; a file can be imported again')
    .argument('<file>', 'an NDJSON file, as `users export` writes it; - for standard input')
    .addHelpText('after', '\nExit code 1 when a line was refused: each is named on standard error.')
    .action(async (file: string, _options, command: Command) => {
      const reader = textSource(file);
      const bar = createBar(await reader.size());
      const totals = await withDatabase(commandConfig(), ({ stores, transact }) =>
        createImportUsers({
          now,
          newId: () => uuidv7(),
          roles: stores.roles,
          transact,
          onRefused: (line, problem) => process.stderr.write(`line ${line}: ${problem}\n`),
          onProgress: ({ imported, refused }) =>
            bar.update(reader.bytesRead(), { imported, refused }),
        })(reader.lines()),
      ).finally(() => bar.stop());
      print(command, totals, summary(totals));
      if (totals.refused > 0) process.exitCode = 1;
    });
}

export function exportCommand(): Command {
  return new Command('export')
    .description('write all accounts, with their password hashes, one JSON object a line')
    .option('--output <file>', 'a new file, which only you can read; otherwise standard output')
    .option('--after <id>', 'go on after the account with this id')
    .action(async ({ output, after }: { output?: string; after?: string }) => {
      if (after !== undefined && !isId(after))
        throw new StartError('--after must be the id of an account.');
      const target =
        output === undefined
          ? process.stdout
          : createWriteStream(output, { flags: 'wx', mode: 0o600 });
      if (output !== undefined) await once(target, 'open');
      await withDatabase(commandConfig(), async ({ stores }) => {
        const exportUsers = createExportUsers({
          now,
          userTransfers: stores.userTransfers,
          audit: stores.audit,
        });
        for await (const line of exportUsers(after ?? null)) {
          if (!target.write(line)) await once(target, 'drain');
        }
      });
      if (output !== undefined) await finished(target.end());
    });
}

/** Only on a terminal: a log file gets nothing of it. */
function createBar(bytes: number) {
  const bar = new SingleBar({
    format: '{bar} {percentage}% · {imported} imported, {refused} refused · {eta_formatted} left',
    noTTYOutput: false,
    clearOnComplete: true,
  });
  bar.start(Math.max(bytes, 1), 0, { imported: 0, refused: 0 });
  return bar;
}

function summary({ lines, imported, present, refused }: ImportTotals): string {
  return `${lines} lines: ${imported} accounts imported, ${present} there already, ${refused} lines refused.`;
}
