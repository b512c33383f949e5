/**
 * `npm run bench:scale`: what 1, 10 and 100 million users ask of processors, disks and the
 * write-ahead log, by the costs of bench/costs.json. Writes the table of docs/scale.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { committedCosts } from './costs.ts';

/** How people behave. Each figure is an assumption; put yours here. */
const behaviour = {
  /** Of all users, those who come on a day. */
  activeShare: 0.2,
  /** Of those, a day. */
  logIns: 0.2,
  /** One each 15 minutes of use, an hour a day. */
  refreshes: 4,
  requests: 200,
  /** Sessions that a user has open. */
  sessions: 1.5,
  /** How much busier the busiest hour is than the mean. */
  peak: 3,
} as const;

const page = 'docs/scale.md';
const secondsOfDay = 86_400;
/** A processor that is busier than this makes people wait. */
const busy = 0.6;
const costs = committedCosts();

const columns = [1e6, 1e7, 1e8].map((users) => {
  const active = users * behaviour.activeShare;
  const aSecond = (times: number) => ((active * times) / secondsOfDay) * behaviour.peak;
  const logIns = aSecond(behaviour.logIns);
  const refreshes = aSecond(behaviour.refreshes);
  const requests = aSecond(behaviour.requests);
  const hashing = (logIns * costs.logInMilliseconds) / 1e3;
  const serving =
    (requests * costs.requestMicroseconds + refreshes * costs.refreshMicroseconds) / 1e6;
  const wal = logIns * costs.logInWalBytes + refreshes * costs.refreshWalBytes;
  const stored = users * (costs.bytesOfUser + behaviour.sessions * costs.bytesOfSession);
  return {
    users: `${users / 1e6} million users`,
    'log-ins a second': whole(logIns),
    'refreshes a second': whole(refreshes),
    'requests a second': whole(requests),
    [`vCPUs that hash passwords, ${busy * 100} % busy`]: whole(hashing / busy),
    [`vCPUs that answer, ${busy * 100} % busy`]: whole(serving / busy),
    'share of one PostgreSQL as measured here, refreshes': `${whole((refreshes / costs.refreshesOfPostgres) * 100)} %`,
    'write-ahead log, MB a second': (wal / 1e6).toFixed(1),
    'users and sessions on disk, GB': whole(stored / 1e9),
  };
});

const rows = Object.keys(columns[0] ?? {}).map(
  (name) =>
    `| ${[name, ...columns.map((column) => column[name as keyof typeof column])].join(' | ')} |`,
);
const [head = '', ...others] = rows;
const table = [
  head.replace('| users |', '| |'),
  `|---|${'---:|'.repeat(columns.length)}`,
  ...others,
];
const marks = /(<!-- computed -->\n).*(\n<!-- end of computed -->)/s;
const text = readFileSync(page, 'utf8');
writeFileSync(
  page,
  text.replace(marks, (_, start, end) => `${start}\n${table.join('\n')}\n${end}`),
);
process.stdout.write(`${table.join('\n')}\n`);

function whole(value: number): string {
  return Math.max(1, Math.ceil(value)).toLocaleString('en');
}
