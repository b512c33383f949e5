import './global-setup.ts';

export default async function teardown(): Promise<void> {
  await globalThis.testPgbouncer?.stop();
  globalThis.passwordEstimator?.close();
  // None were started where the global setup only builds.
  for (const database of globalThis.embeddedTestDatabases ?? []) await database.stop();
}
