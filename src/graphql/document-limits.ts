import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { DomainError } from '../core/domain-error.ts';
import { countComparisons } from './count-comparisons.ts';
import { type Names, nameIn } from './names.ts';

/** What a document may hold. Introspection by the usual tools stays well inside. */
export interface DocumentLimits {
  readonly characters: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields that an operation asks for, with its fragments unfolded. */
  readonly selections: number;
  /** Selections side by side: validation compares each with each. */
  readonly width: number;
  /** Pairs of fields under one name of the answer. */
  readonly comparisons: number;
  /**
   * Multiplies what is below a field by the size that its arguments say, or by this where only a variable
   * knows; absent where the cost is measured later, with the variables.
   */
  readonly assumedSize?: number;
}

/** Of the auth server alone, and of the administrators' API. */
export const documentLimits: DocumentLimits = {
  characters: 32 * 1024,
  tokens: 2_000,
  depth: 16,
  aliases: 30,
  directives: 50,
  selections: 5_000,
  width: 200,
  comparisons: 5_000,
  assumedSize: 100,
};

/** However large a graph is: each is a guess at a secret. */
const mostCredentialFields = 1;

export type LimitReason =
  | 'DOCUMENT_SIZE'
  | 'TOKENS'
  | 'DEPTH'
  | 'ALIASES'
  | 'DIRECTIVES'
  | 'COST'
  | 'REPEATS'
  | 'CREDENTIAL_FIELDS'
  | 'VARIABLES'
  | 'SUBSCRIPTIONS'
  | 'RESERVED_NAME';

const messages: Readonly<Record<LimitReason, string>> = {
  DOCUMENT_SIZE: 'The document is too long.',
  TOKENS: 'The document has too many tokens.',
  DEPTH: 'The operation is nested too deeply.',
  ALIASES: 'The operation has too many aliases.',
  DIRECTIVES: 'The operation has too many directives.',
  COST: 'The operation asks for too much at once.',
  REPEATS: 'The operation asks for the same fields too often.',
  CREDENTIAL_FIELDS: 'A document may hold one field that checks credentials, not more.',
  VARIABLES: 'The variables are too large.',
  SUBSCRIPTIONS: 'The connection has too many subscriptions.',
  RESERVED_NAME: 'The operation uses a name that JavaScript objects have for themselves.',
};

/** An operation beyond what one request may ask for. */
export class OperationLimit extends DomainError {
  constructor(reason: LimitReason) {
    super('OPERATION_LIMIT', messages[reason], { reason });
  }
}

/** Fields that check a secret, and may therefore stand in a document only once. */
const credentialFields = [
  'register',
  'login',
  'refreshToken',
  'exchangeToken',
  'verifyEmail',
  'changePassword',
  'deleteAccount',
  'resetPassword',
  'requestEmailChange',
  'confirmEmailChange',
  'undoEmailChange',
  'confirmTotpSetup',
  'completeSignIn',
  'completePasskeySetup',
  'signInWithPasskey',
  'signInAsGuest',
  'completeProviderSignIn',
  'completeProviderLink',
  'signInWithIdToken',
  'beginProviderSignIn',
  'beginProviderLink',
  'signInWithEmailCode',
  'signInWithEmailLink',
  'stepUp',
] as const;

/**
 * Under the names that they have in the graph.
 *
 * Attack: `login` is called `signIn` here, and forty guesses stand in one request.
 */
export function credentialFieldsIn(names: Names): ReadonlySet<string> {
  return new Set(credentialFields.map((field) => nameIn(names, field)));
}

/**
 * Attack: answers are put together in JavaScript objects under the names that a client chose; an alias
 * `__proto__` has changed every object of the process in a planner (router-runtime 1.4.23). Aliases
 * with two underscores would stand where the gateway looks for a type's name.
 */
const reservedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Arguments that say how many entries a list will have. */
const sizeArguments: ReadonlySet<string> = new Set(['first', 'last', 'limit']);

/**
 * Refuses a document that is too large, with its fragments unfolded.
 *
 * Attacks: nesting that explodes in planning or execution (depth, cost; fragments that double each
 * other are counted once each and multiplied, never unfolded), one field two hundred times, each compared
 * with each by validation (comparisons), forty guesses at a password under
 * forty aliases in one request that a limit on requests never sees (credential fields, aliases), and
 * directives by the thousand. It runs before validation, some of whose rules take the square of the
 * document's size.
 *
 * @param credentialFields what they are called in the graph
 * @throws OperationLimit
 */
export function assertWithinLimits(
  document: DocumentNode,
  credentialFields: ReadonlySet<string>,
  limits: DocumentLimits,
): void {
  const fragments = fragmentsIn(document);
  const measure = createMeasure(fragments, credentialFields, limits.assumedSize);
  let credentials = 0;
  for (const definition of document.definitions) {
    // Fragments too, though nothing spreads them: validation reads them all the same.
    if (!('selectionSet' in definition)) continue;
    const { variableDefinitions = [] } = definition;
    for (const { variable } of variableDefinitions) assertUsable(variable.name);
    const size = measure(definition.selectionSet);
    const directives = size.directives + (definition.directives?.length ?? 0);
    if (size.depth > limits.depth) throw new OperationLimit('DEPTH');
    if (size.nesting > fragmentsALevel * limits.depth) throw new OperationLimit('DEPTH');
    if (size.aliases > limits.aliases) throw new OperationLimit('ALIASES');
    if (directives > limits.directives) throw new OperationLimit('DIRECTIVES');
    if (size.cost > limits.selections) throw new OperationLimit('COST');
    if (size.width > limits.width) throw new OperationLimit('COST');
    const { selectionSet } = definition;
    if (countComparisons(selectionSet, fragments, limits.comparisons) > limits.comparisons)
      throw new OperationLimit('REPEATS');
    credentials += isMutation(definition) ? size.credentials : 0;
  }
  if (credentials > mostCredentialFields) throw new OperationLimit('CREDENTIAL_FIELDS');
  if (countDirectives(document) > limits.directives) throw new OperationLimit('DIRECTIVES');
}

/** Levels of nesting for each level of fields: inline fragments nest without being fields. */
const fragmentsALevel = 3;
/** Attack: an alias that is repeated in the path of each error. */
const longestAlias = 256;

interface Size {
  readonly depth: number;
  /** Fields, inline fragments and spreads in each other. */
  readonly nesting: number;
  readonly aliases: number;
  readonly directives: number;
  readonly cost: number;
  /** Selections of this level, those of inline fragments included. */
  readonly breadth: number;
  /** The broadest level below. */
  readonly width: number;
  /** Credential fields at this level, fragments included. */
  readonly credentials: number;
}

const nothing: Size = {
  depth: 0,
  nesting: 0,
  aliases: 0,
  directives: 0,
  cost: 0,
  breadth: 0,
  width: 0,
  credentials: 0,
};

function createMeasure(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  credentialFields: ReadonlySet<string>,
  assumedSize: number | undefined,
): (selectionSet: SelectionSetNode) => Size {
  // Each fragment is measured once; while that lasts it counts as nothing, which ends a cycle that
  // validation will refuse.
  const measured = new Map<string, Size>();
  return measure;

  function measure({ selections }: SelectionSetNode): Size {
    let total = nothing;
    for (const selection of selections) total = add(total, measureSelection(selection));
    return { ...total, width: Math.max(total.width, total.breadth) };
  }

  function measureSelection(selection: SelectionNode): Size {
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? measureFragment(selection.name.value)
        : selection.selectionSet
          ? measure(selection.selectionSet)
          : nothing;
    const directives = inner.directives + (selection.directives?.length ?? 0);
    const { width } = inner;
    const nesting = inner.nesting + 1;
    if (selection.kind === Kind.FRAGMENT_SPREAD)
      return { ...inner, nesting, directives, breadth: 1 };
    if (selection.kind === Kind.INLINE_FRAGMENT) return { ...inner, nesting, directives };
    assertUsable(selection.alias ?? selection.name, selection.alias !== undefined);
    return {
      depth: inner.depth + 1,
      nesting,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      directives,
      cost: 1 + inner.cost * listSize(selection, assumedSize),
      breadth: 1,
      width,
      credentials: credentialFields.has(selection.name.value) ? 1 : 0,
    };
  }

  function measureFragment(name: string): Size {
    const known = measured.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    measured.set(name, nothing);
    const size = measure(fragment.selectionSet);
    const directives = size.directives + (fragment.directives?.length ?? 0);
    const whole = { ...size, directives };
    measured.set(name, whole);
    return whole;
  }
}

function fragmentsIn({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  return fragments;
}

function assertUsable({ value }: NameNode, isAlias = false): void {
  if (reservedNames.has(value) || (isAlias && value.startsWith('__')))
    throw new OperationLimit('RESERVED_NAME');
  if (isAlias && value.length > longestAlias) throw new OperationLimit('TOKENS');
}

function add(one: Size, other: Size): Size {
  return {
    depth: Math.max(one.depth, other.depth),
    nesting: Math.max(one.nesting, other.nesting),
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    cost: one.cost + other.cost,
    breadth: one.breadth + other.breadth,
    width: Math.max(one.width, other.width),
    credentials: one.credentials + other.credentials,
  };
}

/** How many entries a field may have, as far as its arguments say. */
function listSize({ arguments: given = [] }: FieldNode, assumedSize: number | undefined): number {
  if (assumedSize === undefined) return 1;
  const sizes = given
    .filter(({ name }) => sizeArguments.has(name.value))
    .map(({ value }) => (value.kind === Kind.INT ? Number(value.value) : assumedSize));
  return Math.max(1, ...sizes);
}

function isMutation(definition: OperationDefinitionNode | FragmentDefinitionNode): boolean {
  return definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'mutation';
}

/** All that are written, wherever they stand: on variables and in unused fragments too. */
function countDirectives(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    Directive() {
      count += 1;
    },
  });
  return count;
}
