import type pg from 'pg';

/** Bytes of write-ahead log that the whole server has written until now, whoever had it written. */
export async function walBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes",
  );
  return Number(rows[0].bytes);
}

/** Bytes of a table with its indexes and what was moved out of its rows. */
export async function tableBytes(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query('SELECT pg_total_relation_size($1::regclass) AS bytes', [
    table,
  ]);
  return Number(rows[0].bytes);
}
