import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { DomainError } from '../core/domain-error.ts';

/** The numbers. Introspection by the usual tools stays well inside them. */
export const documentLimits = {
  characters: 32 * 1024,
  tokens: 2_000,
  depth: 16,
  aliases: 30,
  directives: 50,
  cost: 5_000,
  credentialFields: 1,
} as const;

export type LimitReason =
  | 'DOCUMENT_SIZE'
  | 'TOKENS'
  | 'DEPTH'
  | 'ALIASES'
  | 'DIRECTIVES'
  | 'COST'
  | 'CREDENTIAL_FIELDS';

const messages: Readonly<Record<LimitReason, string>> = {
  DOCUMENT_SIZE: 'The document is too long.',
  TOKENS: 'The document has too many tokens.',
  DEPTH: 'The operation is nested too deeply.',
  ALIASES: 'The operation has too many aliases.',
  DIRECTIVES: 'The operation has too many directives.',
  COST: 'The operation asks for too much at once.',
  CREDENTIAL_FIELDS: 'A document may hold one field that checks credentials, not more.',
};

/** An operation beyond what one request may ask for. */
export class OperationLimit extends DomainError {
  constructor(reason: LimitReason) {
    super('OPERATION_LIMIT', messages[reason], { reason });
  }
}

/** Fields that check a secret, and may therefore stand in a document only once. */
const credentialFields: ReadonlySet<string> = new Set(['register', 'login', 'refreshToken']);

/** Arguments that say how many entries a list will have. */
const sizeArguments: ReadonlySet<string> = new Set(['first', 'last', 'limit']);
/** What an operation with a size that only its variables know is counted with. */
const assumedSize = 100;

/**
 * Refuses a document that is too large, with its fragments unfolded.
 *
 * Attacks: nesting that explodes in planning or execution (depth, cost; fragments that double each
 * other are counted once each and multiplied, never unfolded), forty guesses at a password under
 * forty aliases in one request that a limit on requests never sees (credential fields, aliases), and
 * directives by the thousand. It runs before validation, some of whose rules take the square of the
 * document's size.
 *
 * @throws OperationLimit
 */
export function assertWithinLimits(document: DocumentNode): void {
  const measure = createMeasure(document);
  let credentials = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet);
    const directives = size.directives + (definition.directives?.length ?? 0);
    if (size.depth > documentLimits.depth) throw new OperationLimit('DEPTH');
    if (size.aliases > documentLimits.aliases) throw new OperationLimit('ALIASES');
    if (directives > documentLimits.directives) throw new OperationLimit('DIRECTIVES');
    if (size.cost > documentLimits.cost) throw new OperationLimit('COST');
    credentials += isMutation(definition) ? size.credentials : 0;
  }
  if (credentials > documentLimits.credentialFields) throw new OperationLimit('CREDENTIAL_FIELDS');
}

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly cost: number;
  /** Credential fields at this level, fragments included. */
  readonly credentials: number;
}

const nothing: Size = { depth: 0, aliases: 0, directives: 0, cost: 0, credentials: 0 };

function createMeasure(document: DocumentNode): (selectionSet: SelectionSetNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  // Each fragment is measured once; while that lasts it counts as nothing, which ends a cycle that
  // validation will refuse.
  const measured = new Map<string, Size>();
  return measure;

  function measure({ selections }: SelectionSetNode): Size {
    return selections.reduce<Size>(
      (total, selection) => add(total, measureSelection(selection)),
      nothing,
    );
  }

  function measureSelection(selection: SelectionNode): Size {
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? measureFragment(selection.name.value)
        : selection.selectionSet
          ? measure(selection.selectionSet)
          : nothing;
    const directives = inner.directives + (selection.directives?.length ?? 0);
    if (selection.kind !== Kind.FIELD) return { ...inner, directives };
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      directives,
      cost: 1 + inner.cost * listSize(selection),
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

function add(one: Size, other: Size): Size {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    cost: one.cost + other.cost,
    credentials: one.credentials + other.credentials,
  };
}

/** How many entries a field may have, as far as its arguments say. */
function listSize({ arguments: given = [] }: FieldNode): number {
  const sizes = given
    .filter(({ name }) => sizeArguments.has(name.value))
    .map(({ value }) => (value.kind === Kind.INT ? Number(value.value) : assumedSize));
  return Math.max(1, ...sizes);
}

function isMutation({ operation }: OperationDefinitionNode): boolean {
  return operation === 'mutation';
}
