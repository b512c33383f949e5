import {
  composeServices,
  transformSupergraphToPublicSchema,
} from '@theguild/federation-composition';
import { type DocumentNode, GraphQLError, parse, print } from 'graphql';
import { unenforceableDirectives } from './authorization/security-directives.ts';
import { CompositionFailed } from './errors.ts';
import { lostExternals } from './lost-externals.ts';
import { misjudgedTypes } from './misjudged-types.ts';
import { unsupportedFeatures } from './unsupported-features.ts';

export interface SubgraphSchema {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** One graph out of many, in the form that planners read and in the form that clients see. */
export interface Supergraph {
  readonly supergraphSdl: string;
  readonly publicSdl: string;
}

/** Composes subgraphs. @throws CompositionFailed with every problem at once */
export function composeSupergraph(subgraphs: readonly SubgraphSchema[]): Supergraph {
  const problems: string[] = [];
  const services = subgraphs.flatMap(({ name, url, sdl }) => {
    try {
      const typeDefs = parse(sdl, { noLocation: true });
      const found = [...unsupportedFeatures(typeDefs), ...unenforceableDirectives(typeDefs)];
      problems.push(...found.map((problem) => `${name}: ${problem}`));
      return [{ name, url, typeDefs }];
    } catch (error) {
      problems.push(`${name}: ${messageOf(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new CompositionFailed(problems);
  const { supergraphSdl, publicSdl, errors = [] } = composed(services);
  if (supergraphSdl === undefined || publicSdl === undefined) {
    throw new CompositionFailed(errors.map(problemOf));
  }
  const wrong = [
    ...misjudgedTypes(supergraphSdl, services),
    ...lostExternals(supergraphSdl, services),
  ];
  if (wrong.length === 0) return { supergraphSdl, publicSdl };
  throw new CompositionFailed(wrong.map((problem) => `${problem}. ${elsewhere}`));
}

const elsewhere =
  'If these subgraphs compose elsewhere, compose them there with what "gatehouse schema subgraph" ' +
  'prints, and name the result in SUPERGRAPH.';

/** The library throws where it did not think of something. */
function composed(services: readonly { name: string; url: string; typeDefs: DocumentNode }[]) {
  try {
    return composeServices([...services]);
  } catch (error) {
    const problem = `the library that composes gave up on these subgraphs (${messageOf(error)})`;
    throw new CompositionFailed([`${problem}. ${elsewhere}`]);
  }
}

/** It does not see every way there is to what a `@requires` asks for, fragments in it above all. */
function problemOf(error: GraphQLError): string {
  const { message, extensions } = error;
  const isUnsure =
    extensions.code === 'SATISFIABILITY_ERROR' && message.includes('cannot satisfy @require');
  return isUnsure ? `${message.trimEnd()}\n${elsewhere}` : message;
}

/** Reads a supergraph that was composed elsewhere. @throws CompositionFailed when it is none */
export function readSupergraph(supergraphSdl: string): Supergraph {
  try {
    const document = parse(supergraphSdl, { noLocation: true });
    return { supergraphSdl, publicSdl: print(transformSupergraphToPublicSchema(document)) };
  } catch (error) {
    throw new CompositionFailed([messageOf(error)]);
  }
}

/** The subgraphs that a supergraph names, with where they are. */
export function subgraphsOf(
  supergraphSdl: string,
): readonly { readonly name: string; readonly url: string }[] {
  const document: DocumentNode = parse(supergraphSdl, { noLocation: true });
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== 'EnumTypeDefinition' || definition.name.value !== 'join__Graph') {
      return [];
    }
    return (definition.values ?? []).map(({ directives = [] }) => {
      const { arguments: given = [] } = directives.find(isGraph) ?? {};
      const text = (wanted: string) => {
        const value = given.find(({ name }) => name.value === wanted)?.value;
        return value?.kind === 'StringValue' ? value.value : '';
      };
      return { name: text('name'), url: text('url') };
    });
  });
}

function isGraph({ name }: { readonly name: { readonly value: string } }): boolean {
  return name.value === 'join__graph';
}

function messageOf(error: unknown): string {
  return error instanceof GraphQLError || error instanceof Error ? error.message : String(error);
}
