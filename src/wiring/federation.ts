import { unwatchFile, watchFile } from 'node:fs';
import {
  buildSchema,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  parse,
  subscribe,
} from 'graphql';
import { Agent } from 'undici';
import { authSubgraphName } from '../config/subgraphs.ts';
import { apolloGateway } from '../federation/apollo-gateway.ts';
import { authorizedEngine } from '../federation/authorization/authorized-engine.ts';
import { type Supergraph, subgraphsOf } from '../federation/compose-supergraph.ts';
import { costLimitedEngine } from '../federation/cost/cost-limited-engine.ts';
import type { ExecuteSubgraph, SubgraphRequest, SubscribeSubgraph } from '../federation/engine.ts';
import { CompositionFailed, SubgraphUnavailable } from '../federation/errors.ts';
import { createFairPlaces } from '../federation/fair-places.ts';
import { createHiveEngine } from '../federation/hive-engine.ts';
import { type Caller, createMintIdentity } from '../federation/identity/mint-identity.ts';
import {
  type ComposedGraph,
  composedGraph,
  graphFile,
  openLiveGraph,
  type SchemaSource,
} from '../federation/live-graph.ts';
import { mapEvents } from '../federation/map-events.ts';
import {
  type ClientRequest,
  createRemoteSubgraph,
  type RemoteSubgraphOptions,
} from '../federation/remote-subgraph.ts';
import { createRemoteSubgraphs } from '../federation/remote-subgraphs.ts';
import { createRemoteSubscription } from '../federation/remote-subscription.ts';
import { defaultSubgraphSettings } from '../federation/subgraph-settings.ts';
import { subscribableGraph } from '../federation/subscribable-graph.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { printSubgraphSchema, withEntities } from '../graphql/federated-schema.ts';
import { signInFieldsOf } from '../graphql/sessions/sign-in-fields.ts';
import type { GraphState } from '../observability/readiness.ts';
import { networkOf } from '../throttling/client-network.ts';
import { AccessRefused } from '../tokens/errors.ts';
import type { Base } from './base.ts';
import { callerFrom, callerOf } from './caller.ts';
import type { Credentials } from './credentials.ts';
import { openPolicies } from './policies.ts';

/** Milliseconds until a subgraph is asked again that could not be asked for its schema. */
const impatience = 1_000;
/** Milliseconds that a start waits, while it listens already, for the subgraphs to tell their schemas. */
const patience = 10_000;
/** Milliseconds between two looks at the supergraph file. */
const glance = 500;

/** Requests that one subgraph has to answer at the same time. */
const places = 512;

/** A request of the gateway's own, such as for a subgraph's schema, has no client. */
type SubgraphContext = GraphQLContext | { readonly ownRequestId: string };

/**
 * The graph of the auth schema and the team's subgraphs, as Apollo Server's gateway. This file is
 * loaded only where there are subgraphs: the planner is heavy, and not there for every platform.
 *
 * @throws CompositionFailed
 */
export async function openFederation(base: Base, schema: GraphQLSchema, credentials: Credentials) {
  const { config, newId, timers, log, metrics, onStop } = base;
  const { supergraph, poll } = config.federation;
  const configured = new Map(config.federation.subgraphs.map((entry) => [entry.name, entry]));
  const dispatcher = new Agent({ connect: { timeout: 5_000 } });
  onStop(() => dispatcher.close());
  const mintIdentity = createMintIdentity({
    keyRing: credentials.keyRing,
    issuer: config.accessToken.issuer,
    now: base.now,
    newId,
  });
  const circuits = new Map<string, 'open' | 'closed'>();
  const remotes = createRemoteSubgraphs<Remote>((entry, removed) => {
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
  const authSubgraph = {
    name: authSubgraphName,
    url: config.http.publicUrl,
    sdl: printSubgraphSchema(schema, config.names),
    names: config.names,
  };
  const auth = inProcess(withEntities(schema, config.names));
  /** What answers in a graph. One that was composed elsewhere may name other subgraphs each time. */
  const engineOf = (next: Supergraph) => {
    const parts = subgraphsOf(next.supergraphSdl).map((place) => {
      const part: Part =
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
  };
  const evaluatePolicies = await openPolicies(base, dispatcher);
  const unreachable = new Set<string>();
  const composed: ComposedGraph | undefined =
    supergraph === undefined
      ? composedGraph<SubgraphContext>({
          auth: authSubgraph,
          sources: config.federation.subgraphs.map((entry) => ({
            ...entry,
            schema: entry.schema,
            execute: remotes.at(entry).execute,
          })),
          async askSchema(source) {
            const sdl = await askSchema(source, newId());
            unreachable.delete(source.name);
            return sdl;
          },
          onUnreachable(subgraph, err) {
            if (unreachable.has(subgraph)) return;
            unreachable.add(subgraph);
            log.error({ subgraph, err }, 'subgraph.schema_unreachable');
          },
        })
      : undefined;
  /** The subgraphs that are named and not in a graph, by what clients see of it. */
  const missing = new WeakMap<GraphQLSchema, readonly string[]>();
  const missingFrom = (seen: GraphQLSchema) => missing.get(seen) ?? [];
  const graph = await openLiveGraph<GraphQLContext>({
    ...(composed ?? { readGraph: graphFile(supergraph ?? '', authSubgraph) }),
    async createEngine(next) {
      const publicSchema = buildSchema(next.publicSdl);
      const authorized = authorizedEngine(await engineOf(next), publicSchema, {
        mode: config.federation.authorization.mode,
        signIn: {
          fields: signInFieldsOf(schema, config.names),
          onOperation: (context) => signingIn.add(context),
        },
        callerOf,
        askPolicies: (names, caller, context) =>
          evaluatePolicies(names, { caller, requestId: context.activity.requestId }),
      });
      const there = new Set(subgraphsOf(next.supergraphSdl).map(({ name }) => name));
      const named = supergraph === undefined ? [...configured.keys()] : [];
      missing.set(
        authorized.publicSchema,
        named.filter((name) => !there.has(name)),
      );
      return costLimitedEngine(authorized, publicSchema, config.federation.limits);
    },
  });
  graph.onReplaced(() => {
    const named = supergraph === undefined ? config.federation.subgraphs : [];
    const places = [...named, ...subgraphsOf(graph.current().supergraphSdl)];
    remotes.keepOnly(places);
    for (const name of circuits.keys()) {
      if (!places.some((place) => place.name === name)) circuits.delete(name);
    }
  });
  const missingNow = () => missingFrom(graph.current().publicSchema);
  const isIncomplete = () => missingNow().length > 0;
  metrics?.watchGraph({ isStale: graph.isStale, isIncomplete, circuits: () => circuits });
  let lastMissing = '';
  const tellMissing = () => {
    const names = missingNow().join(', ');
    if (names === lastMissing) return;
    lastMissing = names;
    if (names === '') log.info('graph.complete');
    else log.warn({ detail: names }, 'graph.incomplete');
  };
  const refresh = async () => {
    try {
      if (await graph.refresh()) log.info('graph.replaced');
    } catch (err) {
      log.error({ err, detail: problemsOf(err) }, 'graph.refresh_failed');
    }
    tellMissing();
  };
  const refreshLater = () =>
    timers.after(unreachable.size > 0 ? Math.min(impatience, poll) : poll, async () => {
      await refresh();
      refreshLater();
    });
  let isTried = !isIncomplete();
  /** @throws CompositionFailed when everything is there, and does not fit */
  const complete = async () => {
    if (isTried) return refreshLater();
    const first = graph.refresh().catch((error: unknown) => {
      if (composed?.unknown().length === 0) throw error;
      log.error({ err: error, detail: problemsOf(error) }, 'graph.refresh_failed');
    });
    const late = new Promise<'late'>((resolve) => timers.after(patience, () => resolve('late')));
    if ((await Promise.race([first, late])) === 'late') {
      first.catch((err: unknown) =>
        log.error({ err, detail: problemsOf(err) }, 'graph.refresh_failed'),
      );
    }
    tellMissing();
    isTried = true;
    refreshLater();
  };
  if (supergraph !== undefined) {
    // By looking at the file, not at the folder's events: those miss a link that is turned to another
    // folder, which is how Kubernetes replaces a mounted file.
    watchFile(supergraph, { interval: glance, persistent: false }, refresh);
    onStop(async () => unwatchFile(supergraph, refresh));
  }
  return {
    gateway: apolloGateway(graph),
    subscribable: subscribableGraph(graph),
    isTried: () => isTried,
    isIncomplete: (seen: GraphQLSchema) => missingFrom(seen).length > 0,
    state: () => (isIncomplete() ? 'incomplete' : graph.isStale() ? 'stale' : 'ok') as GraphState,
    complete,
  };
}

/** A subgraph, as the engine asks it and listens to it. */
interface Part {
  readonly execute: ExecuteSubgraph<GraphQLContext>;
  readonly subscribe: SubscribeSubgraph<GraphQLContext>;
}

interface Remote {
  readonly execute: ExecuteSubgraph<SubgraphContext>;
  readonly subscribe: SubscribeSubgraph<SubgraphContext>;
}

function inProcess(schema: GraphQLSchema): Part {
  const argumentsOf = (request: SubgraphRequest, contextValue: GraphQLContext) => ({
    schema,
    document: request.document,
    contextValue,
    ...(request.variables === undefined ? {} : { variableValues: request.variables }),
    operationName: request.operationName ?? null,
  });
  return {
    execute: async (request, context) => onTheWire(await execute(argumentsOf(request, context))),
    async subscribe(request, context) {
      const results = await subscribe(argumentsOf(request, context));
      if (Symbol.asyncIterator in results) {
        return mapEvents(results, async (result) => onTheWire(result), rethrow);
      }
      throw results.errors?.[0] ?? new Error('nothing to listen to');
    },
  };
}

/** As it would come over the wire: some scalars are objects until then, and would be merged as such. */
function onTheWire(result: ExecutionResult): ExecutionResult {
  return { ...result, data: result.data && JSON.parse(JSON.stringify(result.data)) };
}

function rethrow(error: unknown): never {
  throw error;
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

function problemsOf(error: unknown): string | undefined {
  return error instanceof CompositionFailed ? error.problems.join('\n') : undefined;
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
