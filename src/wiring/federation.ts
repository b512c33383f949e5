import { buildSchema, execute, type GraphQLSchema, parse } from 'graphql';
import { Agent } from 'undici';
import { authSubgraphName } from '../config/subgraphs.ts';
import { apolloGateway } from '../federation/apollo-gateway.ts';
import { authorizedEngine } from '../federation/authorization/authorized-engine.ts';
import { subgraphsOf } from '../federation/compose-supergraph.ts';
import type { ExecuteSubgraph } from '../federation/engine.ts';
import { CompositionFailed, SubgraphUnavailable } from '../federation/errors.ts';
import { createHiveEngine } from '../federation/hive-engine.ts';
import { type Caller, createMintIdentity } from '../federation/identity/mint-identity.ts';
import {
  composedGraph,
  graphFile,
  openLiveGraph,
  type SchemaSource,
} from '../federation/live-graph.ts';
import { createRemoteSubgraph } from '../federation/remote-subgraph.ts';
import { defaultSubgraphSettings, type SubgraphSettings } from '../federation/subgraph-settings.ts';
import { type GraphQLContext, requireUser } from '../graphql/context.ts';
import { printSubgraphSchema, withEntities } from '../graphql/federated-schema.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import { openPolicies } from './policies.ts';

/** Milliseconds until a subgraph is asked again that could not be asked for its schema. */
const impatience = 1_000;

/** A request of the gateway's own, such as for a subgraph's schema, has no client. */
type SubgraphContext = GraphQLContext | { readonly ownRequestId: string };

/**
 * The graph of the auth schema and the team's subgraphs, as Apollo Server's gateway. This file is
 * loaded only where there are subgraphs: the planner is heavy, and not there for every platform.
 *
 * @throws CompositionFailed
 */
export async function openFederation(base: Base, schema: GraphQLSchema, credentials: Credentials) {
  const { config, newId, timers, log, onStop } = base;
  const settings = await settingsOf(config.federation);
  const dispatcher = new Agent({ connect: { timeout: 5_000 } });
  onStop(() => dispatcher.close());
  const mintIdentity = createMintIdentity({
    keyRing: credentials.keyRing,
    issuer: config.accessToken.issuer,
    now: base.now,
    newId,
  });
  const remotes = settings.map((entry) => {
    if (entry.plainHeaders) log.warn({ subgraph: entry.name }, 'subgraph.trusts_plain_headers');
    const remote = createRemoteSubgraph<SubgraphContext>({
      settings: entry,
      mintIdentity,
      dispatcher,
      passErrors: entry.errors === undefined ? !config.production : entry.errors === 'pass',
      callerOf,
      requestOf,
      onFailure: (subgraph, err) => log.warn({ subgraph, err }, 'subgraph.failed'),
      onCircuit: (subgraph, state) =>
        log.warn(
          { subgraph },
          state === 'open' ? 'subgraph.circuit_opened' : 'subgraph.circuit_closed',
        ),
    });
    return { ...entry, schema: entry.schema, execute: remote };
  });
  const subgraphs = new Map<string, ExecuteSubgraph<GraphQLContext>>([
    [authSubgraphName, inProcess(withEntities(schema))],
    ...remotes.map(({ name, execute: remote }) => [name, remote] as const),
  ]);
  const evaluatePolicies = await openPolicies(base, dispatcher);
  const { supergraph, poll } = config.federation;
  const unreachable = new Set<string>();
  const graph = await openLiveGraph<GraphQLContext>({
    readGraph:
      supergraph === undefined
        ? composedGraph<SubgraphContext>({
            auth: {
              name: authSubgraphName,
              url: config.http.publicUrl,
              sdl: printSubgraphSchema(schema),
            },
            sources: remotes,
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
        : graphFile(supergraph),
    createEngine: async (next) =>
      authorizedEngine(await createHiveEngine(next, subgraphs), buildSchema(next.publicSdl), {
        mode: config.federation.authorization.mode,
        callerOf,
        askPolicies: (names, caller, context) =>
          evaluatePolicies(names, { caller, requestId: context.activity.requestId }),
      }),
  });
  const refreshLater = () =>
    timers.after(unreachable.size > 0 ? Math.min(impatience, poll) : poll, async () => {
      try {
        if (await graph.refresh()) log.info('graph.replaced');
      } catch (err) {
        log.error({ err, detail: problemsOf(err) }, 'graph.refresh_failed');
      }
      refreshLater();
    });
  refreshLater();
  return apolloGateway(graph);
}

async function settingsOf({
  supergraph,
  subgraphs,
}: Base['config']['federation']): Promise<readonly SubgraphSettings[]> {
  if (supergraph === undefined) return subgraphs;
  const { supergraphSdl } = await graphFile(supergraph)();
  const named = subgraphsOf(supergraphSdl).filter(({ name }) => name !== authSubgraphName);
  return named.map(({ name, url }) => ({
    ...defaultSubgraphSettings,
    ...subgraphs.find((entry) => entry.name === name),
    name,
    url,
  }));
}

function inProcess(schema: GraphQLSchema): ExecuteSubgraph<GraphQLContext> {
  return async ({ document, operationName, variables }, context) => {
    const result = await execute({
      schema,
      document,
      contextValue: context,
      ...(variables === undefined ? {} : { variableValues: variables }),
      operationName: operationName ?? null,
    });
    // As it would come over the wire: some scalars are objects until then, and would be merged as such.
    return { ...result, data: result.data && JSON.parse(JSON.stringify(result.data)) };
  };
}

/** Who is asking. A token that was presented and is bad is no anonymous caller. */
function callerOf(context: SubgraphContext): Caller {
  if ('ownRequestId' in context || context.authentication.kind === 'anonymous') {
    return { kind: 'anonymous' };
  }
  const { id, sessionId, scopes, roles, actorId } = requireUser(context);
  const actor = actorId === null ? {} : { actorId };
  return { kind: 'user', userId: id, sessionId, scopes, roles, ...actor };
}

function requestOf(context: SubgraphContext) {
  if ('ownRequestId' in context) {
    return { requestId: context.ownRequestId, headers: {}, traceparent: undefined };
  }
  const { activity, headers } = context;
  return { requestId: activity.requestId, headers, traceparent: activity.trace?.traceparent };
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
