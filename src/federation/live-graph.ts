import { readFile } from 'node:fs/promises';
import { parse } from 'graphql';
import type { CurrentGraph } from './apollo-gateway.ts';
import { type AuthSubgraph, composeWithAuth, unknownToAuth } from './auth-subgraph.ts';
import { readSupergraph, type Supergraph, subgraphsOf } from './compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine } from './engine.ts';
import { CompositionFailed } from './errors.ts';

/** Where the present supergraph comes from. @throws CompositionFailed, or why it can't be read */
export type ReadGraph = () => Promise<Supergraph>;

/** The graph in use. It is replaced when what it is made from has changed. */
export interface LiveGraph<Context> extends CurrentGraph<Context> {
  /**
   * Reads everything again. A graph that can't be read or does not compose changes nothing.
   *
   * @returns whether another graph is in use now
   * @throws CompositionFailed, or why it can't be read
   */
  readonly refresh: () => Promise<boolean>;
  /** Whether the last refresh failed: then the graph in use is older than what it is made from. */
  readonly isStale: () => boolean;
}

export interface LiveGraphOptions<Context extends object> {
  /** Reads the first graph, where that is another than what `readGraph` reads. */
  readonly readFirst?: ReadGraph;
  readonly readGraph: ReadGraph;
  readonly createEngine: (supergraph: Supergraph) => Promise<GraphEngine<Context>>;
}

/** Reads the first graph. @throws CompositionFailed, or why it can't be read */
export async function openLiveGraph<Context extends object>({
  readGraph,
  readFirst = readGraph,
  createEngine,
}: LiveGraphOptions<Context>): Promise<LiveGraph<Context>> {
  const listeners = new Set<() => void>();
  const build = (supergraph: Supergraph) =>
    createEngine(supergraph).catch((error: unknown) => {
      if (error instanceof CompositionFailed) throw error;
      throw new CompositionFailed([error instanceof Error ? error.message : String(error)]);
    });
  let engine = await build(await readFirst());
  let isStale = false;
  let last: Promise<unknown> = Promise.resolve();

  const refresh = async () => {
    try {
      const supergraph = await readGraph();
      const isNew = supergraph.supergraphSdl !== engine.supergraphSdl;
      if (isNew) engine = await build(supergraph);
      isStale = false;
      if (isNew) for (const listener of listeners) listener();
      return isNew;
    } catch (error) {
      isStale = true;
      throw error;
    }
  };

  return {
    current: () => engine,
    isStale: () => isStale,
    onReplaced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // One after the other: of two at once, the one that read first might be the last to replace.
    refresh() {
      const result = last.then(refresh, refresh);
      last = result;
      return result;
    },
  };
}

/** A subgraph whose schema may have to be asked for. */
export interface SchemaSource<Context> {
  readonly name: string;
  readonly url: string;
  /** Its schema's file, or undefined: then it is asked. */
  readonly schema: string | undefined;
  readonly execute: ExecuteSubgraph<Context>;
}

export interface ComposedGraphOptions<Context> {
  readonly auth: AuthSubgraph;
  readonly sources: readonly SchemaSource<Context>[];
  /** Asks a subgraph for its schema. */
  readonly askSchema: (source: SchemaSource<Context>) => Promise<string>;
  /** Told of a subgraph that could not be asked. */
  readonly onUnreachable: (subgraph: string, error: unknown) => void;
}

/** What is composed here out of the subgraphs. */
export interface ComposedGraph {
  /**
   * Composes what is known without asking anybody. Subgraphs that verify who is asking need our keys for
   * the first question, and the keys are there when we listen.
   */
  readonly readFirst: ReadGraph;
  /** Asks every subgraph for its schema, and composes. */
  readonly readGraph: ReadGraph;
  /** The subgraphs whose schema nobody has told us yet. */
  readonly unknown: () => readonly string[];
}

/**
 * Composes the subgraphs with the auth schema. One that can't be asked keeps the schema that it had;
 * one that never could is left out, so that a subgraph that is down at the start keeps nobody from
 * logging in.
 */
export function composedGraph<Context>(options: ComposedGraphOptions<Context>): ComposedGraph {
  const { auth, sources } = options;
  const known = new Map<string, string>();
  const unknown = () => sources.flatMap(({ name }) => (known.has(name) ? [] : [name]));

  const read = async (
    asked: readonly SchemaSource<Context>[],
    sdlOf: (source: SchemaSource<Context>) => Promise<string>,
  ) => {
    await Promise.all(
      asked.map(async (source) => {
        try {
          known.set(source.name, await sdlOf(source));
        } catch (error) {
          options.onUnreachable(source.name, error);
        }
      }),
    );
    const subgraphs = sources.flatMap(({ name, url }) => {
      const sdl = known.get(name);
      return sdl === undefined ? [] : [{ name, url, sdl }];
    });
    return composeWithAuth(auth, subgraphs);
  };
  const ask = (source: SchemaSource<Context>) =>
    source.schema === undefined ? options.askSchema(source) : readFile(source.schema, 'utf8');

  return {
    unknown,
    readGraph: () => read(sources, ask),
    async readFirst() {
      const written = sources.filter(({ schema }) => schema !== undefined);
      try {
        return await read(written, ask);
      } catch (error) {
        // A part of the graph may not stand by itself. Whether the whole does is told when it is there.
        if (unknown().length === 0) throw error;
        return composeWithAuth(auth, []);
      }
    },
  };
}

/**
 * A supergraph that was composed elsewhere. Without the auth schema, as it is here, it is none: nobody
 * could log in.
 */
export function graphFile(path: string, auth: AuthSubgraph): ReadGraph {
  return async () => {
    const supergraph = readSupergraph(await readFile(path, 'utf8'));
    const { supergraphSdl } = supergraph;
    if (!subgraphsOf(supergraphSdl).some(({ name }) => name === auth.name)) {
      throw new CompositionFailed([
        `${path}: has no subgraph ${auth.name}, and nobody could log in. ${composeAnew}`,
      ]);
    }
    const unknown = unknownToAuth(parse(supergraphSdl, { noLocation: true }), auth);
    if (unknown.length > 0) {
      throw new CompositionFailed([
        `${path}: asks the subgraph ${auth.name} for ${unknown.join(', ')}, which the auth schema does not have under the names of gatehouse.yaml. ${composeAnew}`,
      ]);
    }
    return supergraph;
  };
}

const composeAnew = 'Compose it with what "gatehouse schema subgraph" prints.';
