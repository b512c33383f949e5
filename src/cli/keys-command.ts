import { Command } from 'commander';
import { type Config, readConfig } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { createRotateKeys } from '../keys/rotate-keys.ts';
import { keyPurposes } from '../keys/signing-key.ts';
import { print } from './output.ts';
import { withDatabase } from './with-database.ts';

export function keysCommand(): Command {
  const keys = new Command('keys').description('look after the signing keys');
  keys
    .command('list')
    .description('list the keys that are not retired')
    .action(async (_options, command: Command) => {
      const found = await withDatabase(readConfig(process.env), ({ stores }) =>
        stores.signingKeys.list(),
      );
      const rows = found.map(({ sealedPrivateKey: _, publicJwk: __, ...key }) => key);
      const lines = rows.map(
        (key) =>
          `${key.state.padEnd(8)} ${key.purpose.padEnd(12)} ${key.algorithm} ${key.kid} since ${key.changedAt.toISOString()}`,
      );
      print(command, rows, lines.join('\n') || 'No keys yet: the first start makes them.');
    });
  keys
    .command('rotate')
    .description('let the next keys sign now')
    .option('--force', 'even when the next keys were published too recently for every verifier')
    .action(async (options: { force?: boolean }, command: Command) => {
      const config = readConfig(process.env);
      const activated = await withDatabase(config, ({ transact }) =>
        rotation(config, transact).rotate({ force: options.force ?? false }),
      );
      const line =
        activated.length > 0
          ? `These keys sign now:\n${activated.join('\n')}`
          : 'Nothing rotated: the next keys were published less than 10 minutes ago (--force does it anyway).';
      print(command, { activated }, line);
    });
  return keys;
}

function rotation({ accessToken, keys }: Config, transact: Database['transact']) {
  return createRotateKeys({
    transact,
    now: () => new Date(),
    purposes: keyPurposes(accessToken.algorithm),
    encryptionSecrets: keys.encryptionSecrets,
    interval: 0,
    longestToken: Number.MAX_SAFE_INTEGER,
  });
}
