import { readFileSync } from 'node:fs';

/** What one operation costs. */
export interface OperationCost {
  /** Processor time. */
  readonly gatewayMicroseconds: number;
  readonly postgresMicroseconds: number;
  /** Without images of whole pages, and with one for each page that is touched first. */
  readonly walBytes: number;
  readonly walBytesAfterCheckpoint: number;
  /** Rows that stay, by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What `npm run bench:cost` measured. */
export interface Costs {
  readonly machine: string;
  readonly operations: Readonly<
    Record<'me' | 'meWithRow' | 'refresh' | 'logIn' | 'logInArgon2id', OperationCost>
  >;
  /** With their indexes. */
  readonly bytes: Readonly<Record<'user' | 'session' | 'sessionAtLogIn' | 'auditEvent', number>>;
}

export const costFile = 'bench/operation-costs.json';

export function readCosts(): Costs {
  return JSON.parse(readFileSync(costFile, 'utf8'));
}

/** How people behave: ours to choose, yours to change. Shares are of all accounts, a day. */
export const habits = {
  sessionsPerUser: 1,
  activePerDay: 0.2,
  /** Two hours of use at an access token of 15 minutes. */
  refreshesPerActive: 8,
  requestsPerActive: 100,
  /** Of the requests, those that read the user's row. */
  readingShare: 0.1,
  logInsPerDay: 0.02,
  /** The busiest hour to the mean. */
  peak: 4,
  /** How full a core may be in it. */
  utilization: 0.6,
  /** Days that the audit trail is kept, and events a log-in. */
  auditDays: 365,
} as const;

/** Keycloak's published sizing: so many a second and vCPU. */
export const keycloak = { logIns: 15, refreshes: 120 } as const;

const day = 86_400;
const million = 1_000_000;

export interface Scale {
  readonly users: number;
  /** A second, in the busiest hour. */
  readonly logIns: number;
  readonly refreshes: number;
  readonly requests: number;
  readonly gatewayCores: number;
  readonly postgresCores: number;
  /** Megabytes a second, in the busiest hour, without and with whole pages. */
  readonly wal: readonly [number, number];
  readonly gigabytes: number;
}

/** What so many people need in their busiest hour. */
export function modelOf({ operations, bytes }: Costs, users: number): Scale {
  const perSecond = (perDay: number) => (users * perDay * habits.peak) / day;
  const logIns = perSecond(habits.logInsPerDay);
  const refreshes = perSecond(habits.activePerDay * habits.refreshesPerActive);
  const requests = perSecond(habits.activePerDay * habits.requestsPerActive);
  const { me, meWithRow, refresh, logIn } = operations;
  const work = [
    [me, requests * (1 - habits.readingShare)],
    [meWithRow, requests * habits.readingShare],
    [refresh, refreshes],
    [logIn, logIns],
  ] as const;
  const total = (of: (cost: OperationCost) => number) =>
    work.reduce((sum, [cost, rate]) => sum + of(cost) * rate, 0);
  const cores = (microseconds: number) => microseconds / 1e6 / habits.utilization;
  const kept =
    bytes.user +
    habits.sessionsPerUser * bytes.session +
    habits.logInsPerDay * habits.auditDays * (logIn.rows.audit_events ?? 0) * bytes.auditEvent;
  return {
    users,
    logIns,
    refreshes,
    requests,
    gatewayCores: cores(total((cost) => cost.gatewayMicroseconds)),
    postgresCores: cores(total((cost) => cost.postgresMicroseconds)),
    wal: [
      (refreshes * refresh.walBytes + logIns * logIn.walBytes) / million,
      (refreshes * refresh.walBytesAfterCheckpoint + logIns * logIn.walBytesAfterCheckpoint) /
        million,
    ],
    gigabytes: (users * kept) / 1e9,
  };
}

/** The table of docs/scale.md. */
export function modelTable(costs: Costs): string {
  const scales = [1, 10, 100].map((millions) => modelOf(costs, millions * million));
  const row = (what: string, of: (scale: Scale) => string) => [what, ...scales.map(of)];
  return markdown([
    row('in the busiest hour', ({ users }) => `${users / million} million users`),
    ['---', ...scales.map(() => '---:')],
    row('log-ins a second', ({ logIns }) => number(logIns)),
    row('refreshes a second', ({ refreshes }) => number(refreshes)),
    row('authenticated requests a second', ({ requests }) => number(requests)),
    row('cores for Gatehouse', ({ gatewayCores }) => number(gatewayCores)),
    row('cores for PostgreSQL', ({ postgresCores }) => number(postgresCores)),
    row('write-ahead log, MB a second', ({ wal }) => `${number(wal[0])} to ${number(wal[1])}`),
    row('kept in the database, GB', ({ gigabytes }) => number(gigabytes)),
  ]);
}

/** What was measured, as a table. */
export function costTable({ operations, bytes }: Costs): string {
  const { me, meWithRow, refresh, logIn, logInArgon2id } = operations;
  const row = (what: string, cost: OperationCost) => [
    what,
    milliseconds(cost.gatewayMicroseconds),
    milliseconds(cost.postgresMicroseconds),
    cost.walBytes < 10 ? '0' : number(cost.walBytes),
    cost.walBytes < 10 ? '0' : number(cost.walBytesAfterCheckpoint),
    Object.entries(cost.rows)
      .map(([table, count]) => `${count} ${table}`)
      .join(', ') || 'none',
  ];
  const operationsTable = markdown([
    [
      'operation',
      'Gatehouse, ms',
      'PostgreSQL, ms',
      'log, bytes',
      'with whole pages',
      'rows that stay',
    ],
    ['---', '---:', '---:', '---:', '---:', '---'],
    row('`me` from the token', me),
    row('`me` with the user row', meWithRow),
    row('refresh', refresh),
    row('log-in, bcrypt at cost 10', logIn),
    row('log-in, argon2id', logInArgon2id),
  ]);
  const bytesTable = markdown([
    ['with its indexes', 'bytes'],
    ['---', '---:'],
    ['an account', number(bytes.user)],
    ['a session at log-in', number(bytes.sessionAtLogIn)],
    ['a session that is refreshed again and again', number(bytes.session)],
    ['an event of the audit trail', number(bytes.auditEvent)],
  ]);
  return `${operationsTable}\n\n${bytesTable}`;
}

/** What one vCPU carries when it does nothing else, beside Keycloak's sizing. */
export function carriesTable({ operations }: Costs): string {
  const row = (
    what: string,
    { gatewayMicroseconds, postgresMicroseconds }: OperationCost,
    theirs: string,
  ) => [
    what,
    number(1e6 / gatewayMicroseconds),
    number(1e6 / (gatewayMicroseconds + postgresMicroseconds)),
    theirs,
  ];
  return markdown([
    ['a second and vCPU', 'Gatehouse', 'with PostgreSQL on the same core', "Keycloak's sizing"],
    ['---', '---:', '---:', '---:'],
    row('password log-ins, bcrypt at cost 10', operations.logIn, String(keycloak.logIns)),
    row('password log-ins, argon2id', operations.logInArgon2id, String(keycloak.logIns)),
    row('refreshes', operations.refresh, String(keycloak.refreshes)),
    row('`me` with the user row', operations.meWithRow, ''),
    row('`me` from the token', operations.me, ''),
  ]);
}

function markdown(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function milliseconds(microseconds: number): string {
  return number(microseconds / 1_000);
}

/** Two digits that count. */
function number(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 2 }).format(value);
}
