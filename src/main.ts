import { existsSync } from 'node:fs';
import { readConfig } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { createGateway } from './gateway.ts';

const firstMutation =
  'mutation { register(input: { email: "ada@example.com", password: "correct horse battery" }) { accessToken user { id email } } }';

try {
  if (existsSync('.env')) process.loadEnvFile();
  const config = readConfig(process.env);
  const gateway = await createGateway(config);
  if (!config.production) {
    const { publicUrl } = config.http;
    process.stdout.write(
      [
        `Gatehouse listens on ${publicUrl}/graphql (without internet: ${publicUrl}/graphiql)`,
        'Development mode, with secrets and data in .gatehouse; NODE_ENV=production asks for real ones',
        `Try: ${firstMutation}`,
        '',
      ].join('\n'),
    );
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      gateway.stop().then(
        () => process.exit(),
        (error: unknown) => fail(error),
      );
    });
  }
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const text = error instanceof ConfigError ? error.message : describe(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
