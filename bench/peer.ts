import { shared } from './gatehouse.ts';
import { startMeasured } from './measured-server.ts';
import type { Contestant } from './requests.ts';

/** Starts one of bench/peers. */
export async function startPeer(
  name: string,
  file: string,
  env: Readonly<Record<string, string>> = {},
  logFile?: string,
): Promise<Contestant> {
  const script = `bench/peers/${file}.mjs`;
  return {
    name,
    path: '/graphql',
    server: await startMeasured({
      script,
      env: { ...shared, ...env },
      ...(logFile === undefined ? {} : { logFile }),
    }),
  };
}
