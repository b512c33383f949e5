import {
  type Aggregator,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

/** The metrics of one process, as they travel to another. */
export type MetricValues = readonly MetricObjectWithValues<MetricValue<string>>[];

/** What a process tells Prometheus. Every label has few values, whatever strangers send. */
export interface Metrics {
  readonly contentType: string;
  /** Everything, in the text format of Prometheus. */
  readonly text: () => Promise<string>;
  /** The same for a process that sums up those of several. */
  readonly values: () => Promise<MetricValues>;
  readonly requestAnswered: (operation: string, code: string, milliseconds: number) => void;
  readonly knownOperationAnswered: () => void;
  readonly tokenLookedUp: (isKnown: boolean) => void;
  readonly refreshSettled: (outcome: string) => void;
  readonly attemptThrottled: (limit: string) => void;
  readonly factorChanged: (change: FactorChange) => void;
  readonly guestChanged: (change: GuestChange, count?: number) => void;
  readonly providerAnswered: (provider: string, outcome: ProviderOutcome) => void;
  readonly identityChanged: (change: 'linked' | 'unlinked') => void;
  /** Told of a mail that was asked for, and of what became of what it says. */
  readonly emailSignInSettled: (outcome: string) => void;
  readonly socketOpened: () => void;
  readonly socketClosed: (reason: string) => void;
  readonly passwordHashed: (waited: number, took: number) => void;
  readonly plannerEnded: (how: string) => void;
  /** Looks at these whenever it is asked for the text. */
  readonly watch: (sources: MetricSources) => void;
  /** The same for the graph, where there is one. */
  readonly watchGraph: (sources: GraphMetricSources) => void;
}

/** What became of a factor of somebody's. */
export type FactorChange =
  | 'totp_added'
  | 'passkey_added'
  | 'passkey_suspended'
  | 'removed'
  | 'recovery_codes_replaced'
  | 'reset';

/** What became of a guest. */
export type GuestChange = 'made' | 'upgraded' | 'superseded' | 'deleted' | 'removed';

/** What a provider made of a sign-in. */
export type ProviderOutcome = 'proved' | 'refused' | 'unavailable';

export interface GraphMetricSources {
  readonly isStale: () => boolean;
  readonly isIncomplete: () => boolean;
  /** By subgraph, whether it is left alone for now. */
  readonly circuits: () => ReadonlyMap<string, 'open' | 'closed'>;
}

export interface MetricSources {
  readonly hashQueue: () => number;
  readonly connections: () => Readonly<Record<'in_use' | 'idle' | 'waiting', number>>;
  readonly isListening: () => boolean;
  readonly revocations: () => number;
}

/** Seconds: from an answer out of memory to one behind a queue of log-ins. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** The only file that knows prom-client. Loaded when METRICS_PORT is set, and not else. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'gatehouse_requests_total',
    help: 'Requests by operation and outcome: OK, an error code, or ABORTED.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'gatehouse_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['operation'],
    buckets,
    registers,
  });
  const knownOperations = new Counter({
    name: 'gatehouse_known_operations_total',
    help: 'Requests of operations that were known, which Apollo Server did not answer (FAST_PATH).',
    registers,
  });
  const lookups = new Counter({
    name: 'gatehouse_access_token_lookups_total',
    help: 'Access tokens by whether their signature was checked before: hit or miss.',
    labelNames: ['result'],
    registers,
  });
  const hits = lookups.labels('hit');
  const misses = lookups.labels('miss');
  const refreshes = new Counter({
    name: 'gatehouse_refreshes_total',
    help: 'Presented refresh tokens by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const throttled = new Counter({
    name: 'gatehouse_throttled_total',
    help: 'Attempts that a limit refused.',
    labelNames: ['limit'],
    registers,
  });
  const factorChanges = new Counter({
    name: 'gatehouse_factor_changes_total',
    help: 'Second factors that were added, removed, replaced, suspended or reset.',
    labelNames: ['change'],
    registers,
  });
  const guestChanges = new Counter({
    name: 'gatehouse_guests_total',
    help: 'Guests that were made, became accounts, signed in to accounts that they had, left, or were removed because they stayed away.',
    labelNames: ['change'],
    registers,
  });
  const emailSignIns = new Counter({
    name: 'gatehouse_email_sign_ins_total',
    help: 'Mails to sign in with that were asked for, and sign-ins with what they say, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const providerAnswers = new Counter({
    name: 'gatehouse_provider_answers_total',
    help: 'Sign-ins that came back from a provider, by what it made of them.',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const identityChanges = new Counter({
    name: 'gatehouse_identity_changes_total',
    help: 'Accounts of providers that were linked or unlinked by their owners.',
    labelNames: ['change'],
    registers,
  });
  const sockets = new Gauge({
    name: 'gatehouse_subscription_sockets',
    help: 'Open connections of subscriptions.',
    registers,
  });
  const socketEnds = new Counter({
    name: 'gatehouse_subscription_sockets_closed_total',
    help: 'Connections of subscriptions that ended, by what ended them.',
    labelNames: ['reason'],
    registers,
  });
  const hashWait = new Histogram({
    name: 'gatehouse_hash_wait_seconds',
    help: 'Time that a password waited for a thread that hashes.',
    buckets,
    registers,
  });
  const hashTime = new Histogram({
    name: 'gatehouse_hash_duration_seconds',
    help: 'Time that hashing a password took.',
    buckets,
    registers,
  });
  const plannerEnds = new Counter({
    name: 'gatehouse_planner_ended_total',
    help: 'Documents that the query planner crashed on, or overran its time with.',
    labelNames: ['how'],
    registers,
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    values: () => registry.getMetricsAsJSON(),
    requestAnswered(operation, code, milliseconds) {
      requests.inc({ operation, code });
      durations.observe({ operation }, milliseconds / 1_000);
    },
    knownOperationAnswered: () => knownOperations.inc(),
    tokenLookedUp: (isKnown) => (isKnown ? hits : misses).inc(),
    refreshSettled: (outcome) => refreshes.inc({ outcome }),
    attemptThrottled: (limit) => throttled.inc({ limit }),
    factorChanged: (change) => factorChanges.inc({ change }),
    guestChanged: (change, count = 1) => guestChanges.inc({ change }, count),
    providerAnswered: (provider, outcome) => providerAnswers.inc({ provider, outcome }),
    identityChanged: (change) => identityChanges.inc({ change }),
    emailSignInSettled: (outcome) => emailSignIns.inc({ outcome }),
    socketOpened: () => sockets.inc(),
    socketClosed(reason) {
      sockets.dec();
      socketEnds.inc({ reason });
    },
    passwordHashed(waited, took) {
      hashWait.observe(waited / 1_000);
      hashTime.observe(took / 1_000);
    },
    plannerEnded: (how) => plannerEnds.inc({ how }),
    watch: (sources) => watch(registry, sources),
    watchGraph: (sources) => watchGraph(registry, sources),
  };
}

function watchGraph(
  registry: Registry,
  { isStale, isIncomplete, circuits }: GraphMetricSources,
): void {
  const registers = [registry];
  const stale: Gauge = new Gauge({
    name: 'gatehouse_graph_stale',
    help: '1 while the last good graph stands in for one that could not be read or composed.',
    registers,
    aggregator: 'max',
    collect: () => stale.set(Number(isStale())),
  });
  const incomplete: Gauge = new Gauge({
    name: 'gatehouse_graph_incomplete',
    help: '1 while subgraphs that are named have not told their schema since the start.',
    registers,
    aggregator: 'max',
    collect: () => incomplete.set(Number(isIncomplete())),
  });
  const open: Gauge = new Gauge({
    name: 'gatehouse_subgraph_circuit_open',
    help: '1 while a subgraph is left alone: it failed several times in a row, and a question of our own too.',
    labelNames: ['subgraph'],
    registers,
    aggregator: 'max',
    collect() {
      open.reset();
      for (const [subgraph, state] of circuits()) open.set({ subgraph }, Number(state === 'open'));
    },
  });
}

function watch(registry: Registry, sources: MetricSources): void {
  const registers = [registry];
  const gauge = (
    name: string,
    help: string,
    read: () => number,
    aggregator: Aggregator = 'sum',
  ) => {
    const collect = () => made.set(read());
    const made: Gauge = new Gauge({ name, help, registers, aggregator, collect });
  };
  gauge(
    'gatehouse_hash_queue_length',
    'Requests that hold a place before or in a thread that hashes.',
    sources.hashQueue,
  );
  gauge(
    'gatehouse_revocation_listener_listening',
    '1 while revocations of other processes are heard at once, 0 while the database is asked instead.',
    () => Number(sources.isListening()),
    // With several workers it tells of the one that hears least.
    'min',
  );
  gauge(
    'gatehouse_revocations_remembered',
    'Sessions whose access tokens are refused from memory.',
    sources.revocations,
    'max',
  );
  const connections: Gauge = new Gauge({
    name: 'gatehouse_database_connections',
    help: 'Pooled connections in use and idle, and requests waiting for one.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(sources.connections())) {
        connections.set({ state }, count);
      }
    },
  });
}
