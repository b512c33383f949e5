import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  parse,
} from 'graphql';
import { argumentOf, importsOf, linksOf, textOf } from '../links.ts';

/** How many entries a list has, as its schema says with `@listSize`. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Arguments that say how many; `input.first` means a field of an argument. */
  readonly slicingArguments: readonly string[];
  /** The fields of the result that are the list, where the result is none, as of a connection. */
  readonly sizedFields: readonly string[];
}

/** What a schema says of its costs. Coordinates are `Type`, `Type.field`, `Type.field(argument:)`. */
export interface CostRules {
  readonly weightOf: (coordinate: string) => number | undefined;
  readonly listSizeOf: (coordinate: string) => ListSize | undefined;
}

const specification = /^https:\/\/specs\.apollo\.dev\/cost\/v0\.\d+$/;

/** Reads `@cost` and `@listSize` (IBM's cost directives, as Apollo's cost v0.1 has them) out of a supergraph. */
export function readCostRules(supergraphSdl: string): CostRules {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = directiveNames(document);
  const weights = new Map<string, number>();
  const sizes = new Map<string, ListSize>();
  for (const definition of document.definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    if (definition.kind === Kind.OPERATION_DEFINITION) continue;
    const type = definition.name.value;
    note(type, definition.directives as readonly ConstDirectiveNode[]);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      note(coordinate, field.directives);
      if (!('arguments' in field)) continue;
      for (const argument of field.arguments ?? []) {
        note(`${coordinate}(${argument.name.value}:)`, argument.directives);
      }
    }
  }
  return {
    weightOf: (coordinate) => weights.get(coordinate),
    listSizeOf: (coordinate) => sizes.get(coordinate),
  };

  function note(coordinate: string, directives: readonly ConstDirectiveNode[] = []): void {
    for (const directive of directives) {
      const name = directive.name.value;
      if (name === names.cost)
        weights.set(coordinate, numberOf(argumentOf(directive, 'weight')) ?? 0);
      if (name !== names.listSize) continue;
      sizes.set(coordinate, {
        assumedSize: numberOf(argumentOf(directive, 'assumedSize')),
        slicingArguments: textsOf(argumentOf(directive, 'slicingArguments')),
        sizedFields: textsOf(argumentOf(directive, 'sizedFields')),
      });
    }
  }
}

/** What the two are called here: a link may import them under other names. */
function directiveNames(document: DocumentNode): {
  readonly cost?: string;
  readonly listSize?: string;
} {
  const link = linksOf(document).find((one) => specification.test(textOf(one, 'url') ?? ''));
  if (!link) return {};
  const namespace = textOf(link, 'as') ?? 'cost';
  const imported = new Map(importsOf(link).map(({ name, as }) => [name, as.slice(1)]));
  return {
    cost: imported.get('@cost') ?? namespace,
    listSize: imported.get('@listSize') ?? `${namespace}__listSize`,
  };
}

/** A weight is a number, or a text that holds one as in IBM's specification. */
function numberOf(value: ConstValueNode | undefined): number | undefined {
  if (value?.kind !== Kind.INT && value?.kind !== Kind.FLOAT && value?.kind !== Kind.STRING) {
    return undefined;
  }
  const number = Number(value.value);
  return Number.isFinite(number) ? number : undefined;
}

function textsOf(value: ConstValueNode | undefined): readonly string[] {
  if (value?.kind === Kind.STRING) return [value.value];
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((entry) => (entry.kind === Kind.STRING ? [entry.value] : []));
}
