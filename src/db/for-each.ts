import type { RunStatement, Statement } from './statement.ts';

/**
 * A statement that does the same for each of several people, in two forms: for all of them at once, and
 * for one. An engine that spreads rows over machines locks a row only where every table that the
 * statement touches is told its one person.
 */
export interface StatementForEach {
  readonly many: Statement;
  readonly one: Statement;
}

/** What differs between the two forms. The first of the given values is the person's id. */
export interface Form {
  /** A SELECT of what is given, as rows with these columns. */
  readonly given: (columns: Readonly<Record<string, string>>) => string;
  /** The person's id: the given column that holds it or, of one, the value itself. */
  readonly person: (column: string) => string;
}

/** @param write the text in one of its forms */
export function forEach(name: string, write: (form: Form) => string): StatementForEach {
  return {
    many: { name: `${name}-many`, text: write(ofMany) },
    one: { name, text: write(ofOne) },
  };
}

const ofMany: Form = {
  given(columns) {
    const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
    return `SELECT * FROM unnest(${arrays.join(', ')}) AS g (${Object.keys(columns).join(', ')})`;
  },
  person: (column) => column,
};

// It reads the person's row, so that it runs on the machine where the others do, in one go with them.
const ofOne: Form = {
  given(columns) {
    const values = Object.entries(columns).map(
      ([name, type], index) => `$${index + 1}::${type} AS ${name}`,
    );
    return `SELECT ${values.join(', ')} FROM users WHERE id = $1`;
  },
  person: () => '$1',
};

/** Runs a statement for each row of values, and returns the rows of all. */
export type RunForEach = <Row>(
  statement: StatementForEach,
  values: readonly (readonly unknown[])[],
) => Promise<readonly Row[]>;

/**
 * @param isDistributed whether rows are spread over machines: then one after the other, in the given
 *   order. On the pool each is a transaction of its own.
 */
export function createRunForEach(run: RunStatement, isDistributed: boolean): RunForEach {
  return async <Row>({ one, many }: StatementForEach, values: readonly (readonly unknown[])[]) => {
    const [first, ...others] = values;
    if (first === undefined) return [];
    if (others.length === 0) return run<Row>(one, first);
    if (!isDistributed) {
      return run<Row>(
        many,
        first.map((_, column) => values.map((row) => row[column])),
      );
    }
    const rows: Row[] = [];
    for (const each of values) rows.push(...(await run<Row>(one, each)));
    return rows;
  };
}
