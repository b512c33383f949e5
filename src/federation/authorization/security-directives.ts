import { type DocumentNode, Kind, print, type ValueNode, visit } from 'graphql';
import { federationDirectives, importsOf, linksOf, textOf } from '../links.ts';

const securityFeatures = ['authenticated', 'requiresScopes', 'policy'] as const;
type SecurityFeature = (typeof securityFeatures)[number];

const specification = /^https:\/\/specs\.apollo\.dev\/([A-Za-z]+)\/v\d+\.\d+$/;

/**
 * The names that the security directives have in a supergraph, as its links say (the link
 * specification, v1.0): renamed imports included.
 */
export function securityDirectives(document: DocumentNode): ReadonlyMap<string, SecurityFeature> {
  const names = new Map<string, SecurityFeature>();
  for (const link of linksOf(document)) {
    const url = textOf(link, 'url') ?? '';
    const feature = specification.exec(url)?.[1];
    if (!isSecurityFeature(feature)) continue;
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
  const imported = federationDirectives(document);
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

function isSecurityFeature(name: string | undefined): name is SecurityFeature {
  return securityFeatures.some((feature) => feature === name);
}
