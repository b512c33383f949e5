import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseTarget } from '../../src/db/data-source.ts';
import { startEmbeddedDatabase } from '../../src/db/embedded/embedded-database.ts';
import { postgresUrl, reachDatabase } from './test-databases.ts';

export interface FreshDatabase {
  readonly target: DatabaseTarget;
  /** Closes it, and leaves nothing behind. */
  readonly remove: () => Promise<void>;
}

/** An empty database of its own, for a test that changes the schema. Takes a second or two. */
export function createFreshDatabase(): Promise<FreshDatabase> {
  return postgresUrl === undefined ? freshEmbedded() : freshPostgres(postgresUrl);
}

async function freshEmbedded(): Promise<FreshDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-fresh-'));
  const database = await startEmbeddedDatabase(dataDir);
  database.onExit(() => {
    throw new Error('the embedded test database died');
  });
  return {
    target: { socketFolder: database.socketFolder },
    async remove() {
      await database.stop();
      rmSync(dataDir, { recursive: true });
      rmSync(database.socketFolder, { recursive: true, force: true });
    },
  };
}

async function freshPostgres(url: string): Promise<FreshDatabase> {
  const name = `gatehouse_fresh_${randomUUID().replaceAll('-', '')}`;
  await ask(url, `CREATE DATABASE ${name}`);
  return {
    target: reachDatabase(url, name),
    remove: () => ask(url, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
