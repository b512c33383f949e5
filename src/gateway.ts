import type { Config } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import type { DatabaseTarget } from './db/data-source.ts';
import { createSchema } from './graphql/schema.ts';
import { createApolloServer } from './http/apollo-server.ts';
import { createApp } from './http/app.ts';
import { createDocumentGate } from './http/document-gate.ts';
import { createOriginPolicy } from './http/origin-policy.ts';
import { readPersistedDocuments } from './http/persisted-documents.ts';
import { startServer } from './http/server.ts';
import { createShortPath } from './http/short-path.ts';
import type { Logger } from './observability/logger.ts';
import { followOtherProcesses } from './wiring/announcements.ts';
import { createBase } from './wiring/base.ts';
import { openCredentials } from './wiring/credentials.ts';
import {
  schedulePruning,
  wireAuthentication,
  wireRefusals,
  wireSessions,
} from './wiring/sessions.ts';
import { openStorage } from './wiring/storage.ts';

export interface Gateway {
  /** The port that it listens on. */
  readonly port: number;
  /** Finishes what is in flight, then closes everything. */
  readonly stop: () => Promise<void>;
}

/** What tests replace. */
export interface Overrides {
  readonly database?: DatabaseTarget;
  readonly now?: Clock;
  readonly log?: Logger;
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
  const base = createBase(config, overrides);
  const { log, newId, onStop, stop } = base;
  const { http, production } = config;
  try {
    const storage = await openStorage(base, overrides.database);
    const credentials = await openCredentials(base, storage);
    const { isListening } = await followOtherProcesses(base, storage, credentials.keyRing);
    const authenticate = wireAuthentication(base, storage, credentials, isListening);
    const refusals = wireRefusals(base, storage);
    schedulePruning(base, storage);

    const schema = createSchema(wireSessions(base, storage, credentials, refusals));
    const shortPath = http.shortPath ? createShortPath(schema) : undefined;
    const apollo = createApolloServer({ schema, production, log, shortPath });
    await apollo.start();
    onStop(() => apollo.stop());

    const app = createApp({
      apollo,
      admitDocument: createDocumentGate(),
      shortPath,
      findPersistedDocument:
        http.persistedDocuments === undefined
          ? undefined
          : readPersistedDocuments(http.persistedDocuments),
      authenticate,
      accounts: storage.stores.accounts,
      keyRing: credentials.keyRing,
      origins: createOriginPolicy(new URL(http.publicUrl).origin, [
        ...http.corsOrigins,
        ...(production ? [] : sandboxOrigins),
      ]),
      cookie: config.cookie,
      deviceTokens: credentials.deviceTokens,
      production,
      issuer: config.accessToken.issuer,
      algorithm: config.accessToken.algorithm,
      secure: http.publicUrl.startsWith('https:'),
      trustedProxies: http.trustedProxies,
      newId,
      log,
    });
    const server = await startServer(app, http.host, http.port);
    onStop(server.stop);
    return { port: server.port, stop };
  } catch (error) {
    await stop().catch((err: unknown) => log.error({ err }, 'stop.failed'));
    throw error;
  }
}
