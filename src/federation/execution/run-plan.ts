import { type ExecutionResult, type GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import { errorAt, type Gap } from '../completion/completion.ts';
import type { SubgraphRequest } from '../engine.ts';
import { NothingThere, UnfitAnswer } from '../errors.ts';
import { responseKeyOf } from '../operation/client-names.ts';
import { rootsSubgraph } from '../planning/entity-roots.ts';
import type {
  CompiledPlan,
  Continuation,
  EntityFetch,
  EntityList,
  Fetch,
  RootFetch,
  Step,
} from './compile-plan.ts';
import { type EntityKeys, hasKey } from './entity-keys.ts';
import { findEntities, type Place } from './find-entities.ts';
import { copyOf, type IsObjectType, isObject, mergeAnswer, type Source } from './merge-answers.ts';
import { Lack, represent } from './represent.ts';
import { applyRewrites, type IsOfType } from './rewrite.ts';

/** What is known of the graph where a plan is run. */
export interface PlanWorld {
  readonly keys: EntityKeys;
  readonly isOfType: IsOfType;
  readonly isObjectType: IsObjectType;
}

export interface PlanRun {
  /** The operation's variables, by the names that the plan has for them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly ask: (subgraph: string, request: SubgraphRequest) => Promise<ExecutionResult>;
}

/** What a plan has brought together, under the names of the plan. */
export interface Fetched {
  readonly data: Source;
  /** Their paths lead through `data`. */
  readonly errors: readonly GraphQLError[];
  readonly gaps: ReadonlyMap<object, readonly Gap[]>;
}

/** Runs a plan. It fails for nothing: what is missing says why. */
export async function runPlan(
  plan: CompiledPlan,
  run: PlanRun,
  world: PlanWorld,
): Promise<Fetched> {
  const state = new Fetching(run, world, {}, new Map());
  await state.runPlan(plan);
  return state;
}

/** @param own variables of the request's own, such as the entities that it is about */
export function requestOf(
  { document, operation, operationName, variables: sent }: Fetch,
  known: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>> = {},
): SubgraphRequest {
  const variables: Record<string, unknown> = { ...own };
  for (const name of sent) if (Object.hasOwn(known, name)) variables[name] = known[name];
  return { document, operation, operationName, variables };
}

class Fetching implements Fetched {
  readonly data: Source;
  readonly errors: GraphQLError[] = [];
  readonly gaps: Map<object, Gap[]>;
  readonly #run: PlanRun;
  readonly #world: PlanWorld;

  constructor(run: PlanRun, world: PlanWorld, data: Source, gaps: Map<object, Gap[]>) {
    this.#run = run;
    this.#world = world;
    this.data = data;
    this.gaps = gaps;
  }

  async runPlan({ first, rounds }: CompiledPlan): Promise<void> {
    await this.run(first);
    for (const round of rounds) await Promise.all(round.map((each) => this.#goOn(each)));
  }

  /** Runs a plan that begins at entities which are there already. */
  async #goOn({ path, key, plan }: Continuation): Promise<void> {
    const places = findEntities(this.data, path, this.#world.isOfType);
    if (places.length === 0) return;
    const data = { [key]: places.map(({ entity }) => entity) };
    const inner = new Fetching(this.#run, this.#world, data, this.gaps);
    await inner.runPlan(plan);
    for (const error of inner.errors) {
      const [, index, ...rest] = error.path ?? [];
      const place = places[Number(index)];
      this.errors.push(place ? errorAt(error, [...place.path, ...rest]) : error);
    }
  }

  async run(step: Step): Promise<void> {
    switch (step.kind) {
      case 'sequence':
        for (const next of step.steps) await this.run(next);
        return;
      case 'parallel':
        await Promise.all(step.steps.map((each) => this.run(each)));
        return;
      case 'root':
        return this.#fetchRoot(step);
      case 'entities':
        return this.#fetchEntities(step);
    }
  }

  async #fetchRoot(fetch: RootFetch): Promise<void> {
    if (fetch.subgraph === rootsSubgraph) return nameAgain(this.data, fetch.document);
    const answer = await this.#ask(fetch, {});
    if (answer instanceof Failure) return this.#lack(this.data, fetch.keys, answer.error);
    const { data, errors = [] } = answer;
    if (data) {
      applyRewrites(data, fetch.rewrites, this.#world.isOfType);
      mergeAnswer(this.data, data as Source, this.#world.isObjectType);
      this.errors.push(...errors);
      return;
    }
    const told = errors.filter(({ path }) => path !== undefined);
    this.errors.push(...told);
    for (const key of fetch.keys) {
      const isTold = told.some(({ path }) => path?.[0] === key);
      this.#lack(this.data, new Set([key]), isTold ? 'told' : reasonOf(errors));
    }
  }

  async #fetchEntities(fetch: EntityFetch): Promise<void> {
    const variables: Record<string, Source[]> = {};
    const indexes = new Map<string, number>();
    const asked = fetch.lists.map((list) => {
      const representations = variables[list.variable] ?? [];
      variables[list.variable] = representations;
      return this.#represent(fetch, list, representations, indexes);
    });
    if (Object.values(variables).every(({ length }) => length === 0)) return;
    const answer = await this.#ask(fetch, variables);
    if (answer instanceof Failure) {
      for (const { list, places } of asked) {
        for (const { entity } of [...places.values()].flat()) {
          this.#lack(entity, list.keys, answer.error);
        }
      }
    } else {
      for (const each of asked) this.#receive(each, answer);
      this.#keepUnplaced(answer, asked);
    }
  }

  /** @param indexes where each representation stands; several lists may ask for the same ones */
  #represent(
    { subgraph }: Fetch,
    list: EntityList,
    representations: Source[],
    indexes: Map<string, number>,
  ): AskedList {
    const { isOfType, keys } = this.#world;
    const places = new Map<number, Place[]>();
    for (const path of list.paths) {
      for (const place of findEntities(this.data, path, isOfType)) {
        const { entity } = place;
        const made = represent(entity, list.requires, isOfType);
        if (made === undefined) continue;
        if (made instanceof Lack) {
          this.#lack(entity, list.keys, this.#whyLacking(made));
          continue;
        }
        applyRewrites(made, list.inputRewrites, isOfType);
        const entityKeys = keys(subgraph, String(made.__typename));
        if (entityKeys.length > 0 && !entityKeys.some((key) => hasKey(made, key))) {
          // Nobody can be asked for what has no key; that its fields are null is all there is to say.
          this.#lack(entity, list.keys, undefined);
          continue;
        }
        const text = `${list.variable} ${JSON.stringify(made)}`;
        const index = indexes.get(text) ?? representations.push(made) - 1;
        indexes.set(text, index);
        const shown = places.get(index);
        if (shown) shown.push(place);
        else places.set(index, [place]);
      }
    }
    return { list, places };
  }

  #receive({ list, places }: AskedList, { data, errors = [] }: ExecutionResult): void {
    const { isOfType, isObjectType } = this.#world;
    const answered = data?.[list.key];
    const entities: readonly unknown[] = Array.isArray(answered) ? answered : [];
    applyRewrites({ [list.key]: entities }, withList(list), isOfType);
    for (const [index, shown] of places) {
      const own = errors.filter(({ path }) => path?.[0] === list.key && path[1] === index);
      for (const error of own) {
        for (const { path } of shown) {
          this.errors.push(errorAt(error, [...path, ...(error.path?.slice(2) ?? [])]));
        }
      }
      const found = entities[index];
      shown.forEach(({ entity, path }, position) => {
        if (isObject(found)) {
          mergeAnswer(entity, position === 0 ? found : copyOf(found), isObjectType);
          return;
        }
        const isGone = found === null && own.length === 0;
        if (isGone) this.errors.push(errorAt(new NothingThere(), path));
        const isTold = isGone || own.length > 0;
        this.#lack(entity, list.keys, isTold ? 'told' : reasonOf(errors));
      });
    }
  }

  /** Errors that stand at no entity are told of where the first one is. */
  #keepUnplaced({ data, errors = [] }: ExecutionResult, asked: readonly AskedList[]): void {
    if (!data) return;
    const [first] = asked.flatMap(({ places }) => [...places.values()].flat());
    for (const error of errors) {
      const isPlaced = asked.some(
        ({ list, places }) => error.path?.[0] === list.key && places.has(Number(error.path[1])),
      );
      if (!isPlaced && first) this.errors.push(errorAt(error, first.path));
    }
  }

  #lack(entity: object, keys: ReadonlySet<string>, error: Gap['error']): void {
    const before = this.gaps.get(entity);
    if (before) before.push({ keys, error });
    else this.gaps.set(entity, [{ keys, error }]);
  }

  #whyLacking({ holder, key }: Lack): Gap['error'] {
    const gap = this.gaps.get(holder)?.find(({ keys }) => keys?.has(key) ?? true);
    return gap ? gap.error : new UnfitAnswer('not there');
  }

  async #ask(
    fetch: Fetch,
    own: Readonly<Record<string, unknown>>,
  ): Promise<ExecutionResult | Failure> {
    try {
      return await this.#run.ask(fetch.subgraph, requestOf(fetch, this.#run.variables, own));
    } catch (error) {
      return new Failure(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

interface AskedList {
  readonly list: EntityList;
  /** Where each entity is shown, by the index of its representation. */
  readonly places: ReadonlyMap<number, readonly Place[]>;
}

/** Entities that are there already are asked for under other names too. */
function nameAgain(data: Source, { definitions }: Fetch['document']): void {
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) nameFields(data, definition.selectionSet);
  }
}

function nameFields(value: unknown, set: SelectionSetNode): void {
  if (Array.isArray(value)) for (const entry of value) nameFields(entry, set);
  if (!isObject(value)) return;
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) nameFields(value, selection.selectionSet);
    if (selection.kind !== Kind.FIELD) continue;
    const found = value[selection.name.value];
    if (selection.alias) value[selection.alias.value] = copyOf(found);
    if (selection.selectionSet) nameFields(value[responseKeyOf(selection)], selection.selectionSet);
  }
}

/** A request that nothing came of. */
class Failure {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }
}

function reasonOf(errors: readonly GraphQLError[]): Error {
  return errors[0] ?? new UnfitAnswer('not there');
}

/** A rewrite's way begins at the answer, or at the entity. */
function withList({ key, outputRewrites }: EntityList): EntityList['outputRewrites'] {
  return outputRewrites.map((rewrite) => {
    const [first, ...rest] = rewrite.path;
    const isFromTop = first && 'key' in first && (first.key === '_entities' || first.key === key);
    return { ...rewrite, path: [{ key }, ...(isFromTop ? rest : rewrite.path)] };
  });
}
