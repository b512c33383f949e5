import { Command } from 'commander';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { createResealTotpSecrets } from '../factors/reseal-totp-secrets.ts';
import { createResealKeys, type ResealedKeys } from '../keys/reseal-keys.ts';
import { createRotateKeys } from '../keys/rotate-keys.ts';
import { sealingSecret } from '../keys/sealed-keys.ts';
import { createSealedSecrets } from '../keys/sealed-secrets.ts';
import { keyPurposes, type SigningKey } from '../keys/signing-key.ts';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';
import { withDatabase } from './with-database.ts';

export function keysCommand(): Command {
  const keys = new Command('keys').description('look after the signing keys');
  keys
    .command('list')
    .description('list the keys that are not retired, and which secret seals each')
    .action(async (_options, command: Command) => {
      const config = commandConfig();
      const { encryptionSecrets } = config.keys;
      const found = await withDatabase(config, ({ stores }) => stores.signingKeys.list());
      const rows = found.map(({ publicJwk: _, ...key }) => listed(key, encryptionSecrets));
      const lines = rows.map(
        (key) =>
          `${key.state.padEnd(8)} ${key.purpose.padEnd(12)} ${key.algorithm} ${key.kid} since ${key.changedAt.toISOString()}, ${sealedWith(key.secret, encryptionSecrets.length)}`,
      );
      print(command, rows, lines.join('\n') || 'No keys yet: the first start makes them.');
    });
  keys
    .command('rotate')
    .description('let the next keys sign now')
    .option('--force', 'even when the next keys were published too recently for every verifier')
    .action(async (options: { force?: boolean }, command: Command) => {
      const config = commandConfig();
      const activated = await withDatabase(config, ({ transact }) =>
        rotation(config, transact).rotate({ force: options.force ?? false }),
      );
      const line =
        activated.length > 0
          ? `These keys sign now:\n${activated.join('\n')}`
          : 'Nothing rotated: the next keys were published less than 10 minutes ago (--force does it anyway).';
      print(command, { activated }, line);
    });
  keys
    .command('reseal')
    .description(
      'seal every key and secret of codes with the first KEY_ENCRYPTION_SECRET; nothing has to be stopped',
    )
    .action(async (_options, command: Command) => {
      const config = commandConfig();
      const { encryptionSecrets } = config.keys;
      const done = await withDatabase(config, async ({ transact, stores }) => ({
        ...(await createResealKeys({ transact, now: () => new Date(), encryptionSecrets })()),
        totpSecrets: await createResealTotpSecrets(
          stores.factors,
          createSealedSecrets(encryptionSecrets),
        )(),
      }));
      const { resealed, closed } = done.totpSecrets;
      const totp = `Of the secrets of second factors ${resealed} were sealed again; ${closed} can be opened by none of the secrets given.`;
      print(command, done, `${resealText(done)}\n${totp}`);
    });
  return keys;
}

/** A key as it is listed: `secret` counts from 1, and is null where none of them opens it. */
function listed(
  { sealedPrivateKey, ...key }: Omit<SigningKey, 'publicJwk'>,
  secrets: readonly string[],
) {
  const index = sealingSecret({ ...key, sealedPrivateKey }, secrets);
  return { ...key, secret: index === undefined ? null : index + 1 };
}

function sealedWith(secret: number | null, count: number): string {
  return secret === null
    ? 'sealed with a secret that KEY_ENCRYPTION_SECRET lacks'
    : `sealed with secret ${secret} of ${count}`;
}

function resealText({ resealed, closed }: ResealedKeys): string {
  const left =
    closed.length === 0
      ? 'The first secret opens every key: the others can be taken away once every process has it.'
      : `None of the secrets opens these keys, which only verify and will retire:\n${closed.join('\n')}`;
  const did =
    resealed.length === 0
      ? 'Nothing to do: the first secret had sealed all that can be opened.'
      : `Sealed again:\n${resealed.join('\n')}`;
  return `${did}\n${left}`;
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
