import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type InstalledExample, installExample } from '../support/installed-example.ts';

/** Milliseconds: npm fetches what the example needs, and its gateway makes a database. */
const patience = 300_000;

describe('examples/node-script', () => {
  let example: InstalledExample;
  beforeAll(async () => {
    example = await installExample('node-script');
  }, patience);
  afterAll(() => example?.remove());

  it(
    'has types that check against the packed packages, with moduleResolution node16',
    async () => {
      await expect(example.npm('run', 'check')).resolves.not.toContain('error');
    },
    patience,
  );

  it(
    'signs up, starts again signed in, hears what happens, signs out, and ends',
    async () => {
      const program = await example.start('start');
      const told = Promise.all([
        program.line(/Signed up: "ada/),
        program.line(/Me: \{"me":\{"email":"ada/),
        program.line(/My sessions: .*"current":true/),
        program.line(/What happened: .*"REVOKED"/),
        program.line(/Signed out: "signed-out"/),
        program.line(/node main\.js exited with code 0/),
      ]);
      await told;
      await program.stop();
      expect(existsSync(join(example.folder, '.session'))).toBe(false);
    },
    patience,
  );
});
