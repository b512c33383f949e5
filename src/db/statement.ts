import type { EntityManager } from 'typeorm';

/** A statement with a name, under which the server keeps its plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs a statement on the connection of a transaction, or on one of the pool, and returns its rows. */
export type RunStatement = <Row = unknown>(
  statement: Statement,
  values: readonly unknown[],
) => Promise<readonly Row[]>;

interface PgConnection {
  query(query: {
    readonly name?: string;
    readonly text: string;
    readonly values: readonly unknown[];
  }): Promise<{ readonly rows: unknown[] }>;
}

/**
 * With `prepare`, a statement is planned once a connection: for the hottest ones planning costs more
 * than running. The embedded database has one session for all its clients, in which the names of two
 * of them would collide: there nothing is prepared.
 */
export function createRunStatement(manager: EntityManager, prepare: boolean): RunStatement {
  return async <Row>(statement: Statement, values: readonly unknown[]) => {
    const connection: PgConnection = manager.queryRunner
      ? await manager.queryRunner.connect()
      : (manager.dataSource.driver as unknown as { master: PgConnection }).master;
    const query = prepare ? { ...statement, values } : { text: statement.text, values };
    const { rows } = await connection.query(query);
    return rows as readonly Row[];
  };
}
