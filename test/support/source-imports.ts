import { parseSync } from 'oxc-parser';

/**
 * What a source file imports, types too: an interface of a framework ties a domain to it as much as
 * its code does. Static and dynamic imports, re-exports and `import('…')` in a type are found.
 *
 * @throws Error when the source can't be parsed, or a dynamic import is computed: nobody could check it
 */
export function importsOf(file: string, source: string): readonly string[] {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  return nodesBelow(program).flatMap((node) => {
    const specifier = specifierIn(node);
    if (specifier === undefined) return [];
    const { value } = specifier;
    if (typeof value !== 'string') throw new Error(`${file}: an import is computed`);
    return [value];
  });
}

interface Node {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** The specifier of a node that imports, as a node of its own. */
function specifierIn(node: Node): Node | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportAllDeclaration':
    case 'TSImportType':
      return node.source as Node;
    case 'ExportNamedDeclaration':
      return (node.source as Node | null) ?? undefined;
    case 'TSExternalModuleReference':
      return node.expression as Node;
    default:
      return undefined;
  }
}

function nodesBelow(value: unknown): readonly Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesBelow);
  return 'type' in value && typeof value.type === 'string' ? [value as Node, ...below] : below;
}
