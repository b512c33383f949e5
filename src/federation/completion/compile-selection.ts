import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  type SelectionSetNode,
} from 'graphql';
import type { ClientNames } from '../operation/client-names.ts';
import { dependsOnType } from '../operation/depends-on-type.ts';
import type { ClientOperation } from '../operation/neutral-operation.ts';
import { type Completion, forbidden, type Path } from './completion.ts';
import { selectedFields } from './selected-fields.ts';

/** A type that selections are collected for; an interface where it does not matter which type it is. */
type OneType = GraphQLObjectType | GraphQLInterfaceType;
type Source = Record<string, unknown>;
/** Gives a value the form that its type asks for. `name` is where it stands in what holds it. */
type Complete = (value: unknown, completion: Completion, name: string | number) => unknown;

/** An operation's selection, ready to make answers out of what was fetched. */
export interface CompiledSelection {
  /**
   * Completes what was fetched against the schema (GraphQL section 6.4): each value fits its type, and
   * a null that may not stand goes up to where one may.
   *
   * @returns null when a null went up to the top
   */
  readonly complete: (
    data: Source,
    completion: Completion,
  ) => Readonly<Record<string, unknown>> | null;
  /** A path in what was fetched as the client knows it, as far as the client asked for it. */
  readonly clientPath: (path: Path) => Path;
}

/** An operation, and what its caller may have of it. */
export interface JudgedOperation {
  readonly asked: ClientOperation;
  readonly allowed: ClientOperation;
}

/** The selection sets of one place in both: the same ones where nothing is kept from the caller. */
interface JudgedSets {
  readonly asked: readonly SelectionSetNode[];
  readonly allowed: readonly SelectionSetNode[];
}

interface CompiledField {
  readonly responseKey: string;
  /** Where it is found in what was fetched. */
  readonly key: string;
  /** What is refused was never fetched, and why is told already. */
  readonly kind: 'fetched' | 'refused' | 'typename';
  readonly complete: Complete;
  readonly inner: CompiledSet | undefined;
}

/** A selection set, by the type of the object that it is asked of. */
interface CompiledSet {
  readonly fieldsOf: (type: OneType) => readonly CompiledField[];
  readonly possibleTypes: readonly OneType[];
}

export function compileSelection(
  { asked, allowed }: JudgedOperation,
  schema: GraphQLSchema,
  names: Pick<ClientNames, 'keyOf'>,
): CompiledSelection {
  const root = schema.getRootType(asked.operation.operation);
  if (!root) throw new Error('the schema has no such operations');
  const rootSet = compileSet(setsOf([asked.operation], [allowed.operation]), root);

  return {
    complete(data, completion) {
      const completed = completeObject(data, rootSet.fieldsOf(root), root, completion);
      return completed === forbidden ? null : completed;
    },
    clientPath(path) {
      const told: (string | number)[] = [];
      let set: CompiledSet | undefined = rootSet;
      for (const part of path) {
        if (typeof part === 'number') {
          told.push(part);
          continue;
        }
        const field: CompiledField | undefined = set?.possibleTypes
          .flatMap((type) => set?.fieldsOf(type) ?? [])
          .find(({ key, kind }) => key === part && kind === 'fetched');
        if (!field) break;
        told.push(field.responseKey);
        set = field.inner;
      }
      return told;
    },
  };

  function compileSet(sets: JudgedSets, type: GraphQLCompositeType): CompiledSet {
    const compiled = new Map<OneType, readonly CompiledField[]>();
    return {
      possibleTypes: isAbstractType(type)
        ? [...(isInterfaceType(type) ? [type] : []), ...schema.getPossibleTypes(type)]
        : [type],
      fieldsOf(object) {
        const known = compiled.get(object);
        if (known) return known;
        const fields = selectedFields(sets.asked, object, schema, asked);
        const left =
          sets.allowed === sets.asked
            ? fields
            : selectedFields(sets.allowed, object, schema, allowed);
        const made = [...fields].flatMap(([responseKey, nodes]) =>
          compileField(responseKey, nodes, left.get(responseKey) ?? [], object),
        );
        compiled.set(object, made);
        return made;
      },
    };
  }

  function compileField(
    responseKey: string,
    nodes: readonly [FieldNode, ...FieldNode[]],
    allowedNodes: readonly FieldNode[],
    parent: OneType,
  ): readonly CompiledField[] {
    const [first] = nodes;
    const name = first.name.value;
    if (name === '__typename') {
      return [
        {
          responseKey,
          key: name,
          kind: 'typename',
          complete: (value) => value,
          inner: undefined,
        },
      ];
    }
    const type = parent.getFields()[name]?.type;
    if (!type) return [];
    const key = names.keyOf(first);
    // A `__typename` may stand there for the gateway's own use, under what is the client's alias.
    if (!allowedNodes.some((node) => node.name.value === name)) {
      const refused = isNonNullType(type) ? forbidden : null;
      return [{ responseKey, key, kind: 'refused', complete: () => refused, inner: undefined }];
    }
    const { complete, inner } = compileType(type, setsOf(nodes, allowedNodes));
    return [{ responseKey, key, kind: 'fetched', complete, inner }];
  }

  function compileType(
    type: GraphQLOutputType,
    sets: JudgedSets,
  ): { readonly complete: Complete; readonly inner: CompiledSet | undefined } {
    if (isNonNullType(type)) {
      const { complete, inner } = compileNullable(type.ofType, sets);
      return {
        inner,
        complete(value, completion, name) {
          if (value === null || value === undefined) return completion.forbidNull(name);
          const completed = complete(value, completion, name);
          return completed === null ? completion.forbidNull(name) : completed;
        },
      };
    }
    const { complete, inner } = compileNullable(type, sets);
    return {
      inner,
      complete(value, completion, name) {
        if (value === null || value === undefined) return null;
        const completed = complete(value, completion, name);
        return completed === forbidden ? null : completed;
      },
    };
  }

  /** What completes a value that is there: to null when it does not fit. */
  function compileNullable(type: GraphQLOutputType, sets: JudgedSets) {
    if (isListType(type)) {
      const { complete, inner } = compileType(type.ofType, sets);
      return { inner, complete: completeList(complete) };
    }
    if (isLeafType(type)) return { inner: undefined, complete: completeLeaf(type) };
    if (isNonNullType(type)) throw new Error('a type that is non-null twice');
    const inner = compileSet(sets, type);
    return {
      inner,
      complete: isObjectType(type) ? ofObject(type, inner) : ofAbstract(type, inner, sets),
    };
  }

  function ofObject(type: GraphQLObjectType, inner: CompiledSet): Complete {
    let fields: readonly CompiledField[] | undefined;
    return (value, completion, name) => {
      if (!isObject(value)) return unfit(completion, name);
      fields ??= inner.fieldsOf(type);
      completion.path.push(name);
      const completed = completeObject(value, fields, type, completion);
      completion.path.pop();
      return completed;
    };
  }

  function ofAbstract(type: GraphQLAbstractType, inner: CompiledSet, sets: JudgedSets): Complete {
    const face =
      isInterfaceType(type) &&
      !sets.asked.some((set) => dependsOnType(set, type.name, asked.fragments))
        ? type
        : undefined;
    return (value, completion, name) => {
      if (!isObject(value)) return unfit(completion, name);
      const object = typeOf(value, type) ?? (face && isUntold(value, face) ? face : undefined);
      if (!object) return unfit(completion, name);
      completion.path.push(name);
      const completed = completeObject(value, inner.fieldsOf(object), object, completion);
      completion.path.pop();
      return completed;
    };
  }

  function typeOf(
    { __typename }: Source,
    wanted: GraphQLAbstractType,
  ): GraphQLObjectType | undefined {
    const type = typeof __typename === 'string' ? schema.getType(__typename) : undefined;
    return isObjectType(type) && schema.isSubType(wanted, type) ? type : undefined;
  }
}

interface Selecting {
  readonly selectionSet?: SelectionSetNode | undefined;
}

function setsOf(asked: readonly Selecting[], allowed: readonly Selecting[]): JudgedSets {
  const askedSets = asked.flatMap(({ selectionSet }) => selectionSet ?? []);
  const allowedSets = allowed.flatMap(({ selectionSet }) => selectionSet ?? []);
  const isWhole =
    askedSets.length === allowedSets.length &&
    askedSets.every((set, index) => set === allowedSets[index]);
  return { asked: askedSets, allowed: isWhole ? askedSets : allowedSets };
}

/** A type that clients must not know of is told, too. */
function isUntold({ __typename }: Source, { name }: GraphQLInterfaceType): boolean {
  return __typename === undefined || __typename === name;
}

function completeObject(
  source: Source,
  fields: readonly CompiledField[],
  type: OneType,
  completion: Completion,
): Record<string, unknown> | typeof forbidden {
  const answer: Record<string, unknown> = {};
  let isForbidden = false;
  for (const field of fields) {
    const { responseKey, key, kind, inner } = field;
    const value = kind === 'typename' ? type.name : valueAt(source, key);
    if (value === undefined && kind === 'fetched') completion.missing(source, key, responseKey);
    const completed =
      inner && completion.hasGaps
        ? completion.within(source, key, () => field.complete(value, completion, responseKey))
        : field.complete(value, completion, responseKey);
    if (completed === forbidden) isForbidden = true;
    else if (responseKey === '__proto__') defineProto(answer, completed);
    else answer[responseKey] = completed;
  }
  return isForbidden ? forbidden : answer;
}

function completeList(complete: Complete): Complete {
  return (value, completion, name) => {
    if (!Array.isArray(value)) return unfit(completion, name);
    completion.path.push(name);
    let isForbidden = false;
    const answer = value.map((entry, index) => {
      const completed = complete(entry, completion, index);
      if (completed === forbidden) isForbidden = true;
      return completed;
    });
    completion.path.pop();
    return isForbidden ? forbidden : answer;
  };
}

/** As graphql-js writes it, with nothing done to what is right already. */
function completeLeaf(type: GraphQLLeafType): Complete {
  if (!isEnumType(type) && !isSpecifiedScalarType(type)) return (value) => value;
  const typeOf = { String: 'string', ID: 'string', Boolean: 'boolean' }[type.name];
  return (value, completion, name) => {
    if (typeOf !== undefined && typeof value === typeOf) return value;
    try {
      return type.serialize(value);
    } catch {
      return unfit(completion, name);
    }
  };
}

/** Attack: a field named `constructor` that is not there is found in what every object has. */
function valueAt(source: Source, key: string): unknown {
  const value = source[key];
  return key in Object.prototype && !Object.hasOwn(source, key) ? undefined : value;
}

/** `__proto__` names a field of the answer, and not what the answer is made from. */
function defineProto(answer: object, value: unknown): void {
  Object.defineProperty(answer, '__proto__', { value, enumerable: true });
}

function unfit(completion: Completion, name: string | number): null {
  completion.unfit(name);
  return null;
}

function isObject(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
