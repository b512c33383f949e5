/**
 * `tsx scripts/fuzz-graph.ts [operations] [first seed]`, the last part of `npm run test:fuzz`: random
 * graphs, and random operations over them, answered by the gateway's engine and by one schema over the
 * same data. Prints what differs, in short, with the seed that brings it again. `FUZZ_ENGINE` names the
 * file of another engine.
 */
import { pathToFileURL } from 'node:url';
import { createHiveEngine } from '../src/federation/hive-engine.ts';
import { type FuzzOptions, fuzzGraph } from '../test/fuzz/graph/fuzz-graphs.ts';

const wanted = Number(process.argv[2] ?? 200_000);
const firstSeed = Number(process.argv[3] ?? 1);
const mostDifferences = Number(process.env.FUZZ_DIFFERENCES ?? 10);
const another = process.env.FUZZ_ENGINE;
const createEngine: FuzzOptions['createEngine'] = another
  ? (await import(pathToFileURL(another).href)).createHiveEngine
  : createHiveEngine;

let compared = 0;
let graphs = 0;
let different = 0;
let last = '';
let seed = firstSeed;
process.on('exit', () => {
  print(
    `${compared} operations over ${graphs} graphs from seed ${firstSeed} to ${seed}: ${different} differ`,
  );
});
// A long run may be cut short, and has compared what it has compared.
process.on('SIGTERM', () => process.exit(1));
const began = performance.now();
for (; compared < wanted; seed += 1) {
  const found = await fuzzGraph(seed, {
    createEngine,
    operationsOfEach: 400,
    onOperation(_seed, operation) {
      last = JSON.stringify(operation);
      if (process.env.FUZZ_TRACE) process.stderr.write(`${seed} ${last}\n`);
    },
  });
  compared += found.compared;
  if (found.compared > 0) graphs += 1;
  different += found.differences.length;
  for (const each of found.differences) {
    print(`seed ${each.seed}: ${each.what}`);
    print(
      `  asked  ${each.operation.query.replaceAll(/\s+/g, ' ')} ${JSON.stringify(each.operation.variables)}`,
    );
    print(`  ours   ${JSON.stringify(each.ours)}`);
    print(`  right  ${JSON.stringify(each.right)}`);
    for (const [name, sdl] of Object.entries(each.subgraphs)) {
      print(`  ${name}  ${sdl.replace(/^.*\n/, '').replaceAll('\n', ' ')}`);
    }
  }
  if (different >= mostDifferences) break;
  if (graphs % 10 === 0)
    print(`${compared} operations in ${Math.round((performance.now() - began) / 1_000)} s`);
}
process.exitCode = different > 0 ? 1 : 0;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
