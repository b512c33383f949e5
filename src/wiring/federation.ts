import { unwatchFile, watchFile } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { Agent } from 'undici';
import { apolloGateway } from '../federation/apollo-gateway.ts';
import { authorizedEngine } from '../federation/authorization/authorized-engine.ts';
import { subgraphsOf } from '../federation/compose-supergraph.ts';
import { costLimitedEngine } from '../federation/cost/cost-limited-engine.ts';
import { CompositionFailed } from '../federation/errors.ts';
import {
  type ComposedGraph,
  composedGraph,
  graphFile,
  openLiveGraph,
} from '../federation/live-graph.ts';
import { subscribableGraph } from '../federation/subscribable-graph.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { signInFieldsOf } from '../graphql/sessions/sign-in-fields.ts';
import type { GraphState } from '../observability/readiness.ts';
import type { Base } from './base.ts';
import { callerOf } from './caller.ts';
import type { Credentials } from './credentials.ts';
import { openPolicies } from './policies.ts';
import { openSubgraphs, type SubgraphContext } from './subgraphs.ts';

/** Milliseconds until a subgraph is asked again that could not be asked for its schema. */
const impatience = 1_000;
/** Milliseconds that a start waits, while it listens already, for the subgraphs to tell their schemas. */
const patience = 10_000;
/** Milliseconds between two looks at the supergraph file. */
const glance = 500;

/**
 * The graph of the auth schema and the team's subgraphs, as Apollo Server's gateway. This file is
 * loaded only where there are subgraphs: the planner is heavy, and not there for every platform.
 *
 * @throws CompositionFailed
 */
export async function openFederation(base: Base, schema: GraphQLSchema, credentials: Credentials) {
  const { config, timers, log, metrics, onStop } = base;
  const { supergraph, poll } = config.federation;
  const dispatcher = new Agent({ connect: { timeout: 5_000 } });
  onStop(() => dispatcher.close());
  const subgraphs = openSubgraphs(base, schema, credentials, dispatcher);
  const evaluatePolicies = await openPolicies(base, dispatcher);
  const unreachable = new Set<string>();
  const composed: ComposedGraph | undefined =
    supergraph === undefined
      ? composedGraph<SubgraphContext>({
          auth: subgraphs.auth,
          sources: config.federation.subgraphs.map((entry) => ({
            ...entry,
            schema: entry.schema,
            execute: subgraphs.executeOf(entry),
          })),
          async askSchema(source) {
            const sdl = await subgraphs.askSchema(source);
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
    ...(composed ?? { readGraph: graphFile(supergraph ?? '', subgraphs.auth) }),
    async createEngine(next) {
      const publicSchema = buildSchema(next.publicSdl);
      const authorized = authorizedEngine(await subgraphs.engineOf(next), publicSchema, {
        mode: config.federation.authorization.mode,
        signIn: {
          fields: signInFieldsOf(schema, config.names),
          onOperation: subgraphs.onSignIn,
        },
        callerOf,
        askPolicies: (names, caller, context) =>
          evaluatePolicies(names, { caller, requestId: context.activity.requestId }),
      });
      const there = new Set(subgraphsOf(next.supergraphSdl).map(({ name }) => name));
      const named =
        supergraph === undefined ? config.federation.subgraphs.map(({ name }) => name) : [];
      missing.set(
        authorized.publicSchema,
        named.filter((name) => !there.has(name)),
      );
      return costLimitedEngine(authorized, publicSchema, config.federation.limits);
    },
  });
  graph.onReplaced(() => {
    const named = supergraph === undefined ? config.federation.subgraphs : [];
    subgraphs.keepOnly([...named, ...subgraphsOf(graph.current().supergraphSdl)]);
  });
  const missingNow = () => missingFrom(graph.current().publicSchema);
  const isIncomplete = () => missingNow().length > 0;
  metrics?.watchGraph({ isStale: graph.isStale, isIncomplete, circuits: subgraphs.circuits });
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

function problemsOf(error: unknown): string | undefined {
  return error instanceof CompositionFailed ? error.problems.join('\n') : undefined;
}
