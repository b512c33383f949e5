import { parseArgs } from 'node:util';
import { runChaos } from './chaos-run.ts';
import { findPostgresPrograms } from './postgres-cluster.ts';
import { formatReport, isMet } from './report.ts';

// npm run test:chaos -- [--minutes 5 | --seconds 40] [--seed N] [--processes 2] [--overtaking] [--standby]
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    processes: { type: 'string', default: '2' },
    overtaking: { type: 'boolean', default: false },
    // Two servers, of which the primary is lost for good again and again.
    standby: { type: 'boolean', default: false },
  },
});
const tell = (line: string) => void process.stdout.write(`${line}\n`);
const seconds = Number(values.seconds ?? Number(values.minutes ?? 1) * 60);
const seed = Number(values.seed);
const processes = Number(values.processes);
const postgresPrograms = findPostgresPrograms();

if (![seconds, seed, processes].every((number) => Number.isFinite(number) && number >= 0)) {
  tell('--minutes, --seconds, --seed and --processes are numbers');
  process.exitCode = 1;
} else if (postgresPrograms === undefined) {
  tell("PostgreSQL's initdb was not found below /usr/lib/postgresql: install Debian's postgresql");
  process.exitCode = 1;
} else {
  tell(`${seconds} s of faults on ${processes} processes; again with --seed ${seed}`);
  const duration = seconds * 1_000;
  const { overtaking, standby } = values;
  const summary = await runChaos({
    duration,
    seed,
    processes,
    overtaking,
    standby,
    postgresPrograms,
    tell,
  });
  tell(`\n${formatReport(summary)}`);
  process.exitCode = isMet(summary) ? 0 : 1;
}
