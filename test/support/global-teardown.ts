import './global-setup.ts';

export default async function teardown(): Promise<void> {
  await globalThis.testPgbouncer?.stop();
  for (const database of globalThis.embeddedTestDatabases) await database.stop();
}
