import type { AuditResult } from 'graphql-http';

/** What was not met. */
export function unmetAudits(results: readonly AuditResult[]): readonly AuditResult[] {
  return results.filter(({ status }) => status !== 'ok');
}
