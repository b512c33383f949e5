import { type GraphQLSchema, parse } from 'graphql';
import type { Dispatcher } from 'undici';
import { authSubgraphName } from '../config/subgraphs.ts';
import { type Supergraph, subgraphsOf } from '../federation/compose-supergraph.ts';
import { SubgraphUnavailable } from '../federation/errors.ts';
import { createFairPlaces } from '../federation/fair-places.ts';
import { createHiveEngine } from '../federation/hive-engine.ts';
import { type Caller, createMintIdentity } from '../federation/identity/mint-identity.ts';
import { inProcessSubgraph, type Subgraph } from '../federation/in-process-subgraph.ts';
import type { SchemaSource } from '../federation/live-graph.ts';
import {
  type ClientRequest,
  createRemoteSubgraph,
  type RemoteSubgraphOptions,
} from '../federation/remote-subgraph.ts';
import { createRemoteSubgraphs } from '../federation/remote-subgraphs.ts';
import { createRemoteSubscription } from '../federation/remote-subscription.ts';
import { defaultSubgraphSettings } from '../federation/subgraph-settings.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { printSubgraphSchema, withEntities } from '../graphql/federated-schema.ts';
import { networkOf } from '../throttling/client-network.ts';
import { AccessRefused } from '../tokens/errors.ts';
import type { Base } from './base.ts';
import { callerFrom, callerOf } from './caller.ts';
import type { Credentials } from './credentials.ts';

/** Requests that one subgraph has to answer at the same time. */
const places = 512;

/** A request of the gateway's own, such as for a subgraph's schema, has no client. */
export type SubgraphContext = GraphQLContext | { readonly ownRequestId: string };

/** The auth schema, in this process, and the team's subgraphs, over HTTP, with the identity of who asks. */
export function openSubgraphs(
  base: Base,
  schema: GraphQLSchema,
  credentials: Credentials,
  dispatcher: Dispatcher,
) {
  const { config, newId, timers, log, metrics } = base;
  const configured = new Map(config.federation.subgraphs.map((entry) => [entry.name, entry]));
  const mintIdentity = createMintIdentity({
    keyRing: credentials.keyRing,
    issuer: config.accessToken.issuer,
    now: base.now,
    newId,
  });
  const circuits = new Map<string, 'open' | 'closed'>();
  const remotes = createRemoteSubgraphs<Subgraph<SubgraphContext>>((entry, removed) => {
    if (entry.plainHeaders) log.warn({ subgraph: entry.name }, 'subgraph.trusts_plain_headers');
    circuits.set(entry.name, 'closed');
    const options: RemoteSubgraphOptions<SubgraphContext> = {
      settings: entry,
      mintIdentity,
      dispatcher,
      passErrors: entry.errors === undefined ? !config.production : entry.errors === 'pass',
      callerOf: callerIn,
      requestOf,
      takePlace: createFairPlaces(places),
      newId,
      after: timers.after,
      onFailure: (subgraph, err) => log.warn({ subgraph, err }, 'subgraph.failed'),
      onCircuit(subgraph, state) {
        circuits.set(subgraph, state);
        const event = state === 'open' ? 'subgraph.circuit_opened' : 'subgraph.circuit_closed';
        log.warn({ subgraph }, event);
      },
      removed,
    };
    return {
      execute: createRemoteSubgraph(options),
      subscribe: createRemoteSubscription(options),
    };
  });
  const auth = inProcessSubgraph<GraphQLContext>(withEntities(schema, config.names));

  return {
    auth: {
      name: authSubgraphName,
      url: config.http.publicUrl,
      sdl: printSubgraphSchema(schema, config.names),
      names: config.names,
    },
    circuits: () => circuits,
    executeOf: (entry: Parameters<typeof remotes.at>[0]) => remotes.at(entry).execute,
    askSchema: (source: SchemaSource<SubgraphContext>) => askSchema(source, newId()),
    /** What answers in a graph. One that was composed elsewhere may name other subgraphs each time. */
    engineOf(next: Supergraph) {
      const parts = subgraphsOf(next.supergraphSdl).map((place) => {
        const part: Subgraph<GraphQLContext> =
          place.name === authSubgraphName
            ? auth
            : remotes.at({ ...defaultSubgraphSettings, ...configured.get(place.name), ...place });
        return [place.name, part] as const;
      });
      return createHiveEngine<GraphQLContext>(
        next,
        new Map(parts.map(([name, { execute: ask }]) => [name, ask])),
        new Map(parts.map(([name, { subscribe: listen }]) => [name, listen])),
        (how) => {
          metrics?.plannerEnded(how);
          log.error({ detail: how }, 'graph.planner_ended');
        },
      );
    },
    /** Lets go of what no graph has any more. */
    keepOnly(kept: Parameters<typeof remotes.keepOnly>[0]) {
      remotes.keepOnly(kept);
      for (const name of circuits.keys()) {
        if (!kept.some((place) => place.name === name)) circuits.delete(name);
      }
    },
    /** Notes that an operation signs somebody in, and does nothing else. */
    onSignIn: (context: GraphQLContext) => void signingIn.add(context),
  };
}

/** The requests whose operation signs somebody in, and does nothing else. */
const signingIn = new WeakSet<GraphQLContext>();

/**
 * Below a log-in it is the person who has just signed in, not the stranger who asked. An operation with
 * other mutations beside it keeps the caller of its request: rules have judged that one for them.
 *
 * Attack: who has to add a second factor first reads below the log-in what their token opens nowhere.
 *
 * @throws AccessRefused
 */
function callerIn(context: SubgraphContext): Caller {
  if ('ownRequestId' in context) return { kind: 'anonymous' };
  const { signedIn, mustEnrol } = context;
  if (mustEnrol && signingIn.has(context)) throw new AccessRefused('ENROLMENT_REQUIRED');
  return signedIn && signingIn.has(context) ? callerFrom(signedIn) : callerOf(context);
}

function requestOf(context: SubgraphContext): ClientRequest {
  if ('ownRequestId' in context) {
    const requestId = context.ownRequestId;
    return { requestId, headers: {}, traceparent: undefined, holder: 'gateway', gone: undefined };
  }
  const { activity, headers, user, client, gone } = context;
  return {
    requestId: activity.requestId,
    headers,
    traceparent: activity.trace?.traceparent,
    holder: user ? `user ${user.id}` : networkOf(client.ip),
    gone,
  };
}

const schemaQuery = parse('{ _service { sdl } }');

async function askSchema(
  { name, execute: ask }: SchemaSource<SubgraphContext>,
  ownRequestId: string,
): Promise<string> {
  const request = { document: schemaQuery, operation: 'query' } as const;
  const { data } = await ask(
    { ...request, operationName: undefined, variables: undefined },
    { ownRequestId },
  );
  const service = data?._service as { readonly sdl?: unknown } | undefined;
  if (typeof service?.sdl !== 'string') throw new SubgraphUnavailable(`${name}: no _service.sdl`);
  return service.sdl;
}
