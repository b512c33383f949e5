import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

/** What a schema says of the specifications that it is written in (the link specification, v1.0). */
export function linksOf(document: DocumentNode): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) {
      return [];
    }
    return (definition.directives ?? []).filter(({ name }) => name.value === 'link');
  });
}

/** What a link imports, and under which name: `@key`, or a type. */
export function importsOf(
  link: ConstDirectiveNode,
): readonly { readonly name: string; readonly as: string }[] {
  const list = argumentOf(link, 'import');
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((entry) => {
    if (entry.kind === Kind.STRING) return [{ name: entry.value, as: entry.value }];
    if (entry.kind !== Kind.OBJECT) return [];
    const field = (wanted: string) => {
      const value = entry.fields.find(({ name }) => name.value === wanted)?.value;
      return value?.kind === Kind.STRING ? value.value : undefined;
    };
    const name = field('name');
    return name === undefined ? [] : [{ name, as: field('as') ?? name }];
  });
}

/** The names that Federation 2's directives have in a subgraph, and what each stands for. */
export function federationDirectives(document: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const link of linksOf(document)) {
    if (federationVersionOf(link) === undefined) continue;
    for (const { name, as } of importsOf(link)) names.set(as.slice(1), name.slice(1));
    const namespace = textOf(link, 'as') ?? 'federation';
    for (const name of ofOwnRules) names.set(`${namespace}__${name}`, name);
  }
  return names;
}

/** Those that are looked for by name, under the namespace too. */
const ofOwnRules = ['authenticated', 'requiresScopes', 'policy', 'context', 'fromContext'] as const;

/** The minor version of Federation 2 that a link names, or undefined for a link to something else. */
export function federationVersionOf(link: ConstDirectiveNode): number | undefined {
  const found = /^https:\/\/specs\.apollo\.dev\/federation\/v2\.(\d+)$/.exec(
    textOf(link, 'url') ?? '',
  );
  return found ? Number(found[1]) : undefined;
}

/** A text that a directive is given. */
export function textOf(directive: ConstDirectiveNode, wanted: string): string | undefined {
  const value = argumentOf(directive, wanted);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** The name of an enum's value that a directive is given. */
export function enumOf(directive: ConstDirectiveNode, wanted: string): string | undefined {
  const value = argumentOf(directive, wanted);
  return value?.kind === Kind.ENUM ? value.value : undefined;
}

/** What a directive is given. */
export function argumentOf(
  directive: ConstDirectiveNode,
  wanted: string,
): ConstValueNode | undefined {
  return directive.arguments?.find(({ name }) => name.value === wanted)?.value;
}
