import { execFileSync } from 'node:child_process';

/**
 * Where the tests have their build: never in `dist`, from whose files a server may be running. Jest's
 * global setup makes it, as far as something has changed.
 */
export const buildFolder = 'dist-test';

export function buildForTests(): void {
  const tsx = 'node_modules/tsx/dist/cli.mjs';
  execFileSync(process.execPath, [tsx, 'scripts/build.ts', '--output', buildFolder], {
    stdio: 'inherit',
  });
}
