import { readConfig } from './config/config.ts';
import { createGateway } from './gateway.ts';

const firstMutation =
  'mutation { register(input: { email: "ada@example.com", password: "correct horse battery" }) { accessToken user { id email } } }';

/** Starts the gateway of this process, and stops it on a signal. @throws what is wrong with the start */
export async function start(): Promise<void> {
  const config = readConfig(process.env);
  const gateway = await createGateway(config);
  if (!config.production) process.stdout.write(`${welcome(config.http.publicUrl).join('\n')}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      gateway.stop().then(
        () => process.exit(),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

function welcome(publicUrl: string): readonly string[] {
  return [
    `Gatehouse listens on ${publicUrl}/graphql (without internet: ${publicUrl}/graphiql)`,
    'Development mode, with secrets and data in .gatehouse; NODE_ENV=production asks for real ones',
    `Try: ${firstMutation}`,
  ];
}
