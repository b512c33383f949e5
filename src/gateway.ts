import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Config } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { createAdministrationSchema } from './graphql/administration/schema.ts';
import { credentialFieldsIn } from './graphql/document-limits.ts';
import { firstMutation } from './graphql/first-mutation.ts';
import { createNameOperation } from './graphql/known-operation.ts';
import { withNames } from './graphql/names.ts';
import { createSchema } from './graphql/schema.ts';
import { createApolloServer } from './http/apollo-server.ts';
import { createApp } from './http/app.ts';
import { createClientOf } from './http/client-address.ts';
import { createDocumentGate } from './http/document-gate.ts';
import { createKnownOperations } from './http/known-operations.ts';
import { requestLog, requestMetrics } from './http/observe-requests.ts';
import { createOriginPolicy } from './http/origin-policy.ts';
import { readPersistedDocuments } from './http/persisted-documents.ts';
import { ownRequestLimits } from './http/request-limits.ts';
import { startServer } from './http/server.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Tracing } from './observability/tracing.ts';
import type { PasswordHashing } from './passwords/password-hasher.ts';
import { wireAccounts } from './wiring/accounts.ts';
import { inviteFirstAdministrator, wireAdministration } from './wiring/administration.ts';
import { followOtherProcesses } from './wiring/announcements.ts';
import { createBase } from './wiring/base.ts';
import { openCredentials } from './wiring/credentials.ts';
import { wireEmailSignIn } from './wiring/email-sign-in.ts';
import { wireFactors } from './wiring/factors.ts';
import { openGraph } from './wiring/graph.ts';
import { scheduleGuestRemoval, wireGuests, wireUpgrades } from './wiring/guests.ts';
import { startMailDelivery } from './wiring/mail.ts';
import { watchStorage } from './wiring/metrics.ts';
import { pageDocuments, wirePages, wirePagesEndpoint } from './wiring/pages.ts';
import { scheduleErasure, wirePersonalData } from './wiring/personal-data.ts';
import { wireProviders } from './wiring/providers.ts';
import { wireReadiness } from './wiring/readiness.ts';
import {
  schedulePruning,
  wireAuthentication,
  wireOpening,
  wireRefusals,
  wireSessions,
} from './wiring/sessions.ts';
import { serveCoprocessor, serveMetrics } from './wiring/side-servers.ts';
import { wireSignInOptions } from './wiring/sign-in-options.ts';
import { type GivenDatabase, openStorage } from './wiring/storage.ts';
import { wireSubscriptions } from './wiring/subscriptions.ts';

export interface Gateway {
  /** The port that it listens on. */
  readonly port: number;
  /** The port of its metrics, where there are any. */
  readonly metricsPort: number | undefined;
  /** The port of its coprocessor endpoint, where it has one. */
  readonly coprocessorPort: number | undefined;
  /** Says at `/readyz` that it stops, waits until load balancers have noticed, then stops. */
  readonly drain: () => Promise<void>;
  /** Finishes what is in flight, then closes everything. */
  readonly stop: () => Promise<void>;
}

/** What is there already, and what tests replace. */
export interface Overrides extends GivenDatabase {
  readonly now?: Clock;
  readonly log?: Logger;
  /** Judges passwords: the thread that does takes a second to have read its dictionaries. */
  readonly estimatePassword?: PasswordHashing['estimate'];
  /** Milliseconds between two looks at the outbox: who waits for mails in a test waits for little else. */
  readonly mailInterval?: number;
  /** What carries requests to providers. */
  readonly providers?: Dispatcher;
  /** Started before the database's driver was loaded. */
  readonly tracing?: Tracing | undefined;
  /** Takes the metrics, which are then served by nobody here: a worker's go to its primary process. */
  readonly giveMetrics?: ((metrics: Metrics) => void) | undefined;
}

/** Apollo Sandbox, allowed in development only. */
const sandboxOrigins = [
  'https://sandbox.embed.apollographql.com',
  'https://studio.apollographql.com',
] as const;

/**
 * Puts the parts together and starts them. This file and the folder `wiring` are the one place that
 * knows them all.
 *
 * @throws Error when the database can't be reached or the keys can't be opened
 */
export async function createGateway(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const base = await createBase(config, overrides);
  const { log, metrics, onStop, stop } = base;
  const { http, production } = config;
  try {
    const storage = await openStorage(base, overrides);
    const credentials = await openCredentials(base, storage, overrides.estimatePassword);
    const { isListening } = await followOtherProcesses(base, storage, credentials.keyRing);
    const authentication = wireAuthentication(base, storage, credentials, isListening);
    const { authenticate } = authentication;
    if (metrics) watchStorage(metrics, storage, credentials, isListening);
    const refusals = wireRefusals(base, storage);
    schedulePruning(base, storage);
    scheduleErasure(base, storage);
    scheduleGuestRemoval(base, storage);
    await inviteFirstAdministrator(base, storage);
    const mailbox = await startMailDelivery(base, storage, credentials, overrides.mailInterval);

    const upgrades = wireUpgrades(base, credentials);
    const opening = wireOpening(base, credentials, upgrades);
    const { openSession } = opening;
    const { receiveAnswer, ...ofProviders } = wireProviders(
      base,
      storage,
      credentials,
      openSession,
      upgrades,
      overrides.providers,
    );
    const ownSchema = createSchema({
      sessionEvents: storage.sessionEvents,
      ...wireSessions(base, storage, credentials, refusals, authentication, opening, upgrades),
      ...wireFactors(base, storage, credentials, openSession, upgrades),
      ...wireEmailSignIn(base, storage, credentials, refusals, openSession, upgrades),
      ...wireSignInOptions(config),
      ...wireGuests(base, storage, openSession),
      ...wireAccounts(base, storage, credentials),
      ...ofProviders,
      ...wirePersonalData(base, storage, credentials),
    });
    const schema = withNames(ownSchema, config.names);
    const credentialFields = credentialFieldsIn(config.names);
    const persistedOnly = http.persistedDocuments !== undefined;
    const nameOperation = createNameOperation({ persistedOnly });
    const opened = await openGraph(base, schema, credentials);
    const { graph, subscribable, standing, refuseStranger, limits } = opened;
    const isGraphIncomplete = standing?.isIncomplete ?? (() => false);
    const readiness = wireReadiness(base, storage, credentials, isListening, standing);
    const knownOperations =
      http.keepsKnownOperations && 'schema' in graph && !refuseStranger
        ? createKnownOperations({ schema, nameOperation, log })
        : undefined;
    const apollo = createApolloServer({
      graph,
      production,
      log,
      nameOperation,
      knownOperations,
      variableLimits: limits.variables,
      isGraphIncomplete,
    });
    const administrationSchema = createAdministrationSchema(
      wireAdministration(base, storage, credentials, readiness),
    );
    const administration = createApolloServer({
      graph: { schema: administrationSchema },
      production,
      log,
      nameOperation,
      knownOperations: undefined,
      variableLimits: ownRequestLimits.variables,
      isGraphIncomplete: () => false,
    });
    const pages = wirePages(config);
    const ofPages = { graph: { schema: ownSchema }, production, log, nameOperation };
    const pagesEndpoint = wirePagesEndpoint(config, pages, ofPages);
    for (const server of [
      apollo,
      administration,
      ...(pagesEndpoint ? [pagesEndpoint.apollo] : []),
    ]) {
      await server.start();
      onStop(() => server.stop());
    }

    const findPersistedDocument =
      http.persistedDocuments === undefined
        ? undefined
        : readPersistedDocuments(http.persistedDocuments, pageDocuments(pages));
    const origins = createOriginPolicy({
      own: new URL(http.publicUrl).origin,
      others: http.corsOrigins,
      tools: production ? [] : sandboxOrigins,
      onRefused: production ? undefined : (detail) => log.warn({ detail }, 'origin.refused'),
    });
    const clientOf = createClientOf(http.trustedProxies, (address) =>
      log.warn({ detail: address }, 'proxy.untrusted'),
    );
    const app = createApp({
      apollo,
      administration,
      readiness,
      admitDocument: createDocumentGate(credentialFields, limits.documents),
      knownOperations,
      findPersistedDocument,
      authenticate,
      accounts: storage.stores.accounts,
      clientOf,
      keyRing: credentials.keyRing,
      origins,
      cookie: config.cookie,
      deviceTokens: credentials.deviceTokens,
      registrantTokens: credentials.registrantTokens,
      refreshTokens: credentials.refreshTokens,
      refuseStranger,
      largestBody: limits.body,
      production,
      mailbox,
      issuer: config.accessToken.issuer,
      algorithm: config.accessToken.algorithm,
      firstMutation: firstMutation(config.names),
      corsHeaders: [
        ...http.corsHeaders,
        ...config.federation.subgraphs.flatMap(({ headers }) => headers),
      ],
      secure: http.publicUrl.startsWith('https:'),
      trustedProxies: http.trustedProxies,
      receiveAnswer: config.providers.length > 0 ? receiveAnswer : undefined,
      pages,
      pagesEndpoint,
      // Random bytes a request cost more than the rest of its name; Node keeps these in stock.
      newId: () => randomUUID(),
      log,
      tracing: overrides.tracing,
      observers: [requestLog(log), ...(metrics ? [requestMetrics(metrics)] : [])],
    });
    // Before the server, so that a stop closes it after: a drain can be watched.
    const metricsPort = await serveMetrics(base, overrides.giveMetrics);
    const coprocessorPort = await serveCoprocessor(base, credentials, authenticate);
    const subscriptions =
      subscribable &&
      (await wireSubscriptions(base, storage, isListening, {
        graph: subscribable,
        authenticate,
        clientOf,
        origins,
        admitDocument: createDocumentGate(credentialFields, limits.documents),
        variableLimits: limits.variables,
        isGraphIncomplete,
        findPersistedDocument,
      }));
    await credentials.passwordHasher.ready;
    const server = await startServer(app, {
      ...http,
      timeout: config.shutdown.timeout,
      onCut: () => log.warn('stop.connections_cut'),
      ...(subscriptions ? { onUpgrade: subscriptions.onUpgrade } : {}),
    });
    onStop(server.stop);
    if (subscriptions) onStop(subscriptions.stop);
    await standing?.complete();
    log.info({ port: server.port }, 'gateway.started');
    return {
      port: server.port,
      metricsPort,
      coprocessorPort,
      stop,
      async drain() {
        readiness.stopping();
        server.announceStop();
        await sleep(config.shutdown.delay, undefined, { ref: false });
        await stop();
      },
    };
  } catch (error) {
    await stop().catch((err: unknown) => log.error({ err }, 'stop.failed'));
    throw error;
  }
}
