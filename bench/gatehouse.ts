import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test/chaos/free-port.ts';
import { type MeasuredServer, startMeasured } from './measured-server.ts';

/** What all servers of a run share: without it no token of one would be good at another. */
export const shared = {
  PUBLIC_URL: 'http://localhost:4000',
  JWT_SECRET: 'the secret of the benchmark, known to all: 0123456789',
} as const;

export const refreshTokenSecret = 'the refresh token secret of the benchmark: 0123456789';

/** Milliseconds that access tokens live: a run must not outlast them. */
export const accessTokenTtl = 12 * 3_600_000;

const settings = {
  ...shared,
  JWT_ALGORITHM: 'HS256',
  ACCESS_TOKEN_TTL: '12h',
  REFRESH_TOKEN_SECRET: refreshTokenSecret,
  KEY_ENCRYPTION_SECRET: 'the key encryption secret of the benchmark: 0123456789',
  LOG_LEVEL: 'info',
  SHUTDOWN_DELAY: '0s',
} as const;

/**
 * The built server in production mode with everything on: limits, metrics, the log at info into a
 * file, the revocation set, security headers. On the embedded database without DATABASE_URL. With
 * PROFILES it leaves a profile of each thread in that folder at its end.
 */
export async function startGatehouse(
  env: Readonly<Record<string, string>>,
): Promise<MeasuredServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const profiles = process.env.PROFILES;
  const server = await startMeasured({
    script: 'dist/src/main.js',
    ...(profiles === undefined ? {} : { profiles }),
    env: {
      ...settings,
      METRICS_PORT: String(await freePort()),
      DATA_DIR: folder,
      ...('DATABASE_URL' in env ? {} : { ALLOW_EMBEDDED: 'true' }),
      ...env,
    },
    logFile: join(folder, 'log'),
  });
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
