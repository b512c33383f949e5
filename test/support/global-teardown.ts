import './global-setup.ts';

export default async function teardown(): Promise<void> {
  for (const database of globalThis.embeddedTestDatabases) await database.stop();
}
