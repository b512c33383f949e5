import type { ComponentChildren } from 'preact';
import * as styles from './table.module.css';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Its words are short, and ours: they are not broken. */
  readonly isWhole?: boolean;
}

export interface TableProps<Row> {
  /** What it lists. */
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** Rows of the same kind. On a phone each row is a block of its own, so that nothing scrolls sideways. */
export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <table class={styles.table} role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title }) => (
            <th key={title} scope="col" role="columnheader">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ title, cell, isWhole }, index) =>
              index === 0 ? (
                <th
                  key={title}
                  scope="row"
                  role="rowheader"
                  data-label={title}
                  class={isWhole ? styles.whole : undefined}
                >
                  <span>{cell(row)}</span>
                </th>
              ) : (
                <td
                  key={title}
                  role="cell"
                  data-label={title}
                  class={isWhole ? styles.whole : undefined}
                >
                  <span>{cell(row)}</span>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
