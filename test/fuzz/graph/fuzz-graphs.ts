import { buildSchema, type ExecutionResult, parse, validate } from 'graphql';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import type { ExecuteSubgraph, GraphEngine } from '../../../src/federation/engine.ts';
import { CompositionFailed } from '../../../src/federation/errors.ts';
import { differenceOf } from './compare-answers.ts';
import { inventData } from './invented-data.ts';
import { inventGraph } from './invented-graph.ts';
import { type InventedOperation, inventOperation } from './invented-operation.ts';
import { type Happening, inventedSubgraph, monolith } from './invented-subgraphs.ts';
import { createRandom } from './random.ts';
import { shorterQueries } from './shorter-queries.ts';
import { subgraphDocument } from './subgraph-documents.ts';

/** An operation that the gateway answers otherwise than one schema over the same data. */
export interface Difference {
  readonly seed: number;
  readonly what: string;
  readonly operation: InventedOperation;
  readonly ours: ExecutionResult;
  readonly right: ExecutionResult;
  readonly subgraphs: Readonly<Record<string, string>>;
}

export interface FuzzOptions {
  readonly createEngine: (
    supergraph: { readonly supergraphSdl: string; readonly publicSdl: string },
    subgraphs: ReadonlyMap<string, ExecuteSubgraph<Happening>>,
  ) => Promise<GraphEngine<Happening>>;
  readonly operationsOfEach: number;
  /** Told of each operation before it is asked: whoever dies of it has said what it was. */
  readonly onOperation?: (seed: number, operation: InventedOperation) => void;
}

/** How many operations are asked at a time. */
const together = 8;

/** @returns how many operations were compared, and those that differ, shortened */
export async function fuzzGraph(
  seed: number,
  { createEngine, operationsOfEach, onOperation }: FuzzOptions,
): Promise<{ readonly compared: number; readonly differences: readonly Difference[] }> {
  const graph = inventGraph(seed);
  const data = inventData(graph);
  const documents = graph.subgraphs.map((name) => ({
    name,
    url: `http://${name}`,
    sdl: subgraphDocument(graph, name),
  }));
  const supergraph = composed(documents);
  if (!supergraph) return { compared: 0, differences: [] };
  const engine = await createEngine(
    supergraph,
    new Map(
      documents.map(({ name, sdl }) => [name, inventedSubgraph(graph, data, name, sdl)] as const),
    ),
  );
  const schema = buildSchema(supergraph.publicSdl);
  const askMonolith = monolith(graph, data, schema);
  const random = createRandom(seed ^ 0x5eed);
  const differences: Difference[] = [];
  let compared = 0;
  while (compared < operationsOfEach) {
    const operations = inventSome(Math.min(together, operationsOfEach - compared));
    compared += operations.length;
    for (const found of await Promise.all(operations.map(compare))) {
      if (found) differences.push(await shortened(found));
    }
  }
  return { compared, differences };

  function inventSome(count: number): readonly InventedOperation[] {
    const operations: InventedOperation[] = [];
    while (operations.length < count) {
      const operation = inventOperation(schema, random);
      if (validate(schema, parse(operation.query)).length > 0) continue;
      operations.push(operation);
      onOperation?.(seed, operation);
    }
    return operations;
  }

  async function compare(operation: InventedOperation): Promise<Difference | undefined> {
    const document = parse(operation.query);
    const { variables } = operation;
    const right = await askMonolith(document, variables);
    const ours = await ask(operation);
    const what = differenceOf(ours, right);
    if (what === undefined) return undefined;
    const subgraphs = Object.fromEntries(documents.map(({ name, sdl }) => [name, sdl]));
    return { seed, what, operation, ours, right, subgraphs };
  }

  async function ask({ query, variables }: InventedOperation): Promise<ExecutionResult> {
    const document = parse(query);
    const context: Happening = { count: 0 };
    try {
      const result = await engine.execute({
        document,
        operationName: undefined,
        variables,
        context,
      });
      return JSON.parse(JSON.stringify(result));
    } catch (error) {
      return {
        data: null,
        errors: [
          {
            message: `thrown: ${error} ${(error as { readonly detail?: string }).detail ?? ''}`,
          } as never,
        ],
      };
    }
  }

  async function shortened(difference: Difference): Promise<Difference> {
    for (const query of shorterQueries(difference.operation.query)) {
      if (validate(schema, parse(query)).length > 0) continue;
      const found = await compare({ ...difference.operation, query });
      if (found) return shortened(found);
    }
    return difference;
  }
}

function composed(documents: Parameters<typeof composeSupergraph>[0]) {
  try {
    return composeSupergraph(documents);
  } catch (error) {
    if (error instanceof CompositionFailed) return undefined;
    throw error;
  }
}
