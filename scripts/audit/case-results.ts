import { isDeepStrictEqual } from 'node:util';

/** An operation of the audit, and what it has to bring. */
export interface AuditCase {
  readonly query: string;
  readonly expected: {
    readonly data?: unknown;
    /** Whether there have to be errors; absent where that does not matter. */
    readonly errors?: boolean;
  };
}

export interface CaseResult extends AuditCase {
  readonly received: { readonly data: unknown; readonly errors: readonly unknown[] };
  readonly passed: boolean;
}

/** Sends the operations one after the other, and compares the answers by the rules of the audit. */
export async function caseResults(
  url: string,
  tests: readonly AuditCase[],
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const test of tests) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ query: test.query }),
      signal: AbortSignal.timeout(10_000),
    });
    const { data = null, errors = [] } = await answer.json();
    const { expected } = test;
    const passed =
      isDeepStrictEqual(data, expected.data ?? null) &&
      (expected.errors === undefined || expected.errors === errors.length > 0);
    results.push({ ...test, received: { data, errors }, passed });
  }
  return results;
}
