import pg from 'pg';
import { type DatabaseTarget, openDataSource } from '../../src/db/data-source.ts';
import { distributeTables, isDistributed } from '../../src/db/distribute.ts';
import { runMigrations } from '../../src/db/migrate.ts';

interface Node {
  readonly host: string;
  readonly port: number;
}

/**
 * Makes a database on each machine of a Citus cluster, with the extension and knowing its workers, and
 * nothing in it.
 *
 * @param coordinator the URL of a database of it that has the extension and its workers
 * @returns the URL of the new one
 */
export async function makeClusterDatabase(coordinator: string, name: string): Promise<string> {
  const { here, workers } = await nodesOf(coordinator);
  for (const node of [here, ...workers]) await makeDatabase(reach(coordinator, node), name);
  const url = reach(coordinator, here, name);
  await ask(url, 'SELECT citus_set_coordinator_host($1, $2)', [here.host, here.port]);
  for (const worker of workers) {
    await ask(url, 'SELECT citus_add_node($1, $2)', [worker.host, worker.port]);
  }
  return url;
}

/** The same, with our tables spread over them. */
export async function makeDistributedDatabase(coordinator: string, name: string): Promise<void> {
  const url = await makeClusterDatabase(coordinator, name);
  await runMigrations({ url });
  await distributeTables({ url });
}

export async function dropClusterDatabase(coordinator: string, name: string): Promise<void> {
  const { here, workers } = await nodesOf(coordinator);
  for (const node of [here, ...workers]) {
    await ask(reach(coordinator, node), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/** Whether a start would take the tables of a database for spread. */
export async function isFoundSpread(target: DatabaseTarget): Promise<boolean> {
  const dataSource = await openDataSource(target, {
    pool: 1,
    impatient: false,
    onConnectionError: () => {},
  });
  try {
    return await isDistributed(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function nodesOf(coordinator: string) {
  const workers = await ask<Node>(
    coordinator,
    'SELECT node_name AS host, node_port AS port FROM citus_get_active_worker_nodes()',
  );
  if (workers.length === 0) throw new Error('the cluster of DATABASE_URL has no workers');
  const { hostname, port } = new URL(coordinator);
  return { here: { host: hostname, port: Number(port || 5432) }, workers };
}

async function makeDatabase(url: string, name: string): Promise<void> {
  await ask(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await ask(url, `CREATE DATABASE ${name}`);
  const made = new URL(url);
  made.pathname = `/${name}`;
  await ask(made.href, 'CREATE EXTENSION citus');
}

function reach(coordinator: string, { host, port }: Node, name?: string): string {
  const url = new URL(coordinator);
  url.hostname = host;
  url.port = String(port);
  if (name !== undefined) url.pathname = `/${name}`;
  return url.href;
}

async function ask<Row extends object>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
