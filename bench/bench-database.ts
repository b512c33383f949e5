import pg from 'pg';
import { runMigrations } from '../src/db/migrate.ts';

export interface BenchDatabase {
  readonly url: string;
  readonly client: pg.Client;
  /** Drops it. */
  readonly drop: () => Promise<void>;
}

let made = 0;

/** Makes an empty database with today's schema on a PostgreSQL server. */
export async function makeBenchDatabase(server: string): Promise<BenchDatabase> {
  made += 1;
  const name = `gatehouse_bench_${process.pid}_${made}`;
  await run(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await runMigrations({ url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    client,
    async drop() {
      await client.end();
      await run(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Keeps no connection: PostgreSQL takes a hundred, and a scenario may want most of them. */
async function run(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
