import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AuditSuite, openAudit } from './audit/audit-server.ts';
import { caseResults } from './audit/case-results.ts';
import { serveSuite, type Way, ways } from './audit/gatehouse.ts';

/**
 * `npm run audit:federation -- <checkout>`: the public audit of federation gateways
 * (github.com/graphql-hive/federation-gateway-audit, cloned and installed) against the built server,
 * over HTTP. Each of its suites is set up as its user would, in two ways: in gatehouse.yaml, with the
 * names that the errors say; and as a SUPERGRAPH, composed by the library of the audit together with what
 * `gatehouse schema subgraph` prints.
 *
 * `--only` names one suite, or several. Fails unless each case is answered as the audit expects, but for
 * the suites that gatehouse.yaml is refused for, with a reason.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    way: { type: 'string', multiple: true },
  },
});
const [checkout] = positionals;
if (checkout === undefined || !existsSync(join(checkout, 'src/test-suites'))) {
  throw new Error('usage: npm run audit:federation -- <checkout of federation-gateway-audit>');
}

interface Total {
  passed: number;
  refused: number;
  failed: number;
}

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-audit-'));
try {
  const totals = new Map<Way, Total>();
  for (const way of ways) {
    if (values.way && !values.way.includes(way)) continue;
    // Anew each time: some of its suites change what they hold.
    const audit = await openAudit(resolve(checkout));
    try {
      const total: Total = { passed: 0, refused: 0, failed: 0 };
      for (const suite of await audit.suites()) {
        if (values.only && !values.only.includes(suite.id)) continue;
        await runSuite(way, suite, total);
      }
      totals.set(way, total);
    } finally {
      await audit.stop();
    }
  }
  print('');
  for (const [way, { passed, refused, failed }] of totals) {
    const all = passed + refused + failed;
    print(
      `${way}: ${passed} of ${all} passed, ${refused} refused by composition, ${failed} failed`,
    );
    if (failed > 0 || (way === 'SUPERGRAPH' && refused > 0)) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function runSuite(way: Way, suite: AuditSuite, total: Total): Promise<void> {
  const served = await serveSuite(way, suite, folder);
  if ('refused' in served) {
    total.refused += suite.tests.length;
    print(`${way} ${suite.id}: ${suite.tests.length} refused`);
    for (const problem of served.refused) print(`    ${problem}`);
    return;
  }
  try {
    const results = await caseResults(served.url, suite.tests);
    const failed = results.filter(({ passed }) => !passed);
    total.failed += failed.length;
    total.passed += results.length - failed.length;
    const named = Object.entries(served.names).map(([ours, other]) => `${ours}: ${other}`);
    const names = named.length === 0 ? '' : ` (${named.join(', ')})`;
    print(`${way} ${suite.id}: ${results.length - failed.length} of ${results.length}${names}`);
    for (const { query, expected, received } of failed) {
      print(`    ${query.replaceAll(/\s+/g, ' ').trim()}`);
      print(`      expected ${JSON.stringify(expected)}`);
      print(`      received ${JSON.stringify(received)}`);
    }
  } finally {
    await served.stop();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
