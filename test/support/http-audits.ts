import type { AuditResult } from 'graphql-http';

const simpleGet = 'a GET that any page may send is refused: CSRF prevention';

/** Audits of the level MAY that the server refuses on purpose, by their ids. */
export const csrfRefusals: ReadonlyMap<string, string> = new Map([
  ['5A70', simpleGet],
  ['D6D5', simpleGet],
  ['6A70', simpleGet],
]);

/** What was not met and should have been. */
export function unmetAudits(results: readonly AuditResult[]): readonly AuditResult[] {
  return results.filter(({ id, status }) => status !== 'ok' && !csrfRefusals.has(id));
}
