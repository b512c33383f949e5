import { type ConstDirectiveNode, type DocumentNode, visit } from 'graphql';
import { CompositionFailed } from './errors.ts';
import {
  enumOf,
  federationDirectives,
  federationVersionOf,
  importsOf,
  linksOf,
  textOf,
} from './links.ts';

/** The newest minor version of Federation 2 that composes here. */
export const newestFederation = 9;

/**
 * What of one subgraph's schema the planner does not do. Let through, it would not fail: an argument
 * with `@fromContext` silently gets nothing.
 */
export function unsupportedFeatures(document: DocumentNode): readonly string[] {
  const problems = linksOf(document).flatMap((link) => {
    const version = federationVersionOf(link);
    return version === undefined || version <= newestFederation ? [] : [tooNew(version)];
  });
  const meanings = federationDirectives(document);
  const found = new Set<string>();
  visit(document, {
    Directive({ name }) {
      const meaning = meanings.get(name.value);
      if (meaning === 'context' || meaning === 'fromContext') found.add(`@${name.value}`);
    },
  });
  if (found.size > 0) problems.push(`${[...found].join(' and ')}: ${noContext}`);
  return problems;
}

function tooNew(version: number): string {
  const newest = `https://specs.apollo.dev/federation/v2.${newestFederation}`;
  return (
    `links Federation 2.${version}, and the newest that composes here is 2.${newestFederation}. ` +
    `Link ${newest}. NestJS takes it as autoSchemaFile: { federation: { version: 2, importUrl: ` +
    `'${newest}', directives: [the ones in use, such as '@key'] } }`
  );
}

const noContext =
  'arguments from a context (Federation 2.8) are not supported, and would get nothing. Take the value ' +
  'as a field with @requires';

const specification = /^https:\/\/specs\.apollo\.dev\/([A-Za-z]+)\/(v\d+\.\d+)$/;

/** Features that a supergraph may need: for security or for execution. */
const known: ReadonlySet<string> = new Set([
  'link',
  'join',
  'authenticated',
  'requiresScopes',
  'policy',
  // Taken out of what clients see, where validation then refuses it.
  'inaccessible',
]);

/**
 * Refuses a supergraph that needs what is not done here (the core schema specification, v0.2: what a
 * feature is `for` must be understood).
 *
 * Attack by accident: a feature that guards something is passed by, and all of it is served.
 *
 * @throws CompositionFailed
 */
export function assertFeaturesKnown(supergraph: DocumentNode): void {
  const problems = linksOf(supergraph).flatMap((link) => {
    const url = textOf(link, 'url') ?? '';
    const feature = specification.exec(url)?.[1] ?? '';
    if (feature === 'context') return [`the supergraph has @context: ${noContext}`];
    if (feature === 'inaccessible' && isRenamed(link)) {
      return [
        'the supergraph imports @inaccessible under another name, which nobody here looks for',
      ];
    }
    const purpose = enumOf(link, 'for');
    if (purpose === undefined || known.has(feature)) return [];
    return [`the supergraph needs ${url} for ${purpose.toLowerCase()}, which is not known`];
  });
  if (problems.length > 0) throw new CompositionFailed(problems);
}

function isRenamed(link: ConstDirectiveNode): boolean {
  return importsOf(link).some(({ name, as }) => name === '@inaccessible' && as !== name);
}
