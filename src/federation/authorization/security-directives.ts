import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  print,
  type ValueNode,
  visit,
} from 'graphql';
import { CompositionFailed } from '../errors.ts';

export const securityFeatures = ['authenticated', 'requiresScopes', 'policy'] as const;
export type SecurityFeature = (typeof securityFeatures)[number];

const specification = /^https:\/\/specs\.apollo\.dev\/([A-Za-z]+)\/v\d+\.\d+$/;

/**
 * The names that the security directives have in a supergraph, as its links say (the link
 * specification, v1.0): renamed imports included.
 *
 * @throws CompositionFailed for a feature that says it is for security and that nobody here knows:
 *   what can't be enforced must not be served
 */
export function securityDirectives(document: DocumentNode): ReadonlyMap<string, SecurityFeature> {
  const names = new Map<string, SecurityFeature>();
  for (const link of linksOf(document)) {
    const url = textOf(link, 'url') ?? '';
    const feature = specification.exec(url)?.[1];
    if (!isSecurityFeature(feature)) {
      if (enumOf(link, 'for') !== 'SECURITY') continue;
      throw new CompositionFailed([`the supergraph needs ${url} for security, which is not known`]);
    }
    names.set(textOf(link, 'as') ?? feature, feature);
    for (const { name, as } of importsOf(link)) {
      if (name === `@${feature}`) names.set(as.slice(1), feature);
    }
  }
  return names;
}

/**
 * What is wrong with the security directives of one subgraph.
 *
 * Attacks by accident: a subgraph of Federation 1 has a `@authenticated` of its own, which composition
 * drops in silence, and so it does with an empty list of scopes or policies; everybody believes the
 * field to be guarded.
 */
export function unenforceableDirectives(document: DocumentNode): readonly string[] {
  const imported = new Map<string, string>();
  for (const link of linksOf(document)) {
    if (!/^https:\/\/specs\.apollo\.dev\/federation\/v2\./.test(textOf(link, 'url') ?? ''))
      continue;
    for (const { name, as } of importsOf(link)) imported.set(as.slice(1), name.slice(1));
    const namespace = textOf(link, 'as') ?? 'federation';
    for (const feature of securityFeatures) imported.set(`${namespace}__${feature}`, feature);
  }
  const homemade = new Set<string>();
  const empty = new Set<string>();
  visit(document, {
    Directive(directive) {
      const name = directive.name.value;
      note(name);
      const isRule = isSecurityFeature(imported.get(name));
      if (isRule && directive.arguments?.some(({ value }) => isEmpty(value))) {
        empty.add(print(directive));
      }
    },
    DirectiveDefinition: ({ name }) => note(name.value),
  });
  return [
    ...[...homemade].map(
      (name) =>
        `@${name} is a directive of its own, which nobody enforces. Link Federation 2.6 or later and import it: extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@${name}"])`,
    ),
    ...[...empty].map((rule) => `${rule} has an empty list, which guards nothing`),
  ];

  function note(name: string): void {
    if (isSecurityFeature(name) && !imported.has(name)) homemade.add(name);
  }
}

function isEmpty(value: ValueNode): boolean {
  return value.kind === Kind.LIST && (value.values.length === 0 || value.values.some(isEmpty));
}

function linksOf(document: DocumentNode): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) {
      return [];
    }
    return (definition.directives ?? []).filter(({ name }) => name.value === 'link');
  });
}

function importsOf(
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

function argumentOf(link: ConstDirectiveNode, wanted: string): ConstValueNode | undefined {
  return link.arguments?.find(({ name }) => name.value === wanted)?.value;
}

function textOf(link: ConstDirectiveNode, wanted: string): string | undefined {
  const value = argumentOf(link, wanted);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function enumOf(link: ConstDirectiveNode, wanted: string): string | undefined {
  const value = argumentOf(link, wanted);
  return value?.kind === Kind.ENUM ? value.value : undefined;
}

function isSecurityFeature(name: string | undefined): name is SecurityFeature {
  return securityFeatures.some((feature) => feature === name);
}
