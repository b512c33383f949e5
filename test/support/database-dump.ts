/** Every row of every table, as text: what a reader of the database, or of a backup, would see. */
export async function dumpDatabase(
  query: (sql: string) => Promise<readonly Record<string, string>[]>,
): Promise<string> {
  const tables = await query(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  const rows: string[] = [];
  for (const { table_name: table } of tables) {
    const found = await query(`SELECT row_to_json(t)::text AS row FROM "${table}" t`);
    rows.push(...found.map(({ row }) => `${table}: ${row}`));
  }
  return rows.join('\n');
}
