import {
  composeServices,
  transformSupergraphToPublicSchema,
} from '@theguild/federation-composition';
import { type DocumentNode, GraphQLError, parse, print } from 'graphql';
import { unenforceableDirectives } from './authorization/security-directives.ts';
import { CompositionFailed } from './errors.ts';
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
  const result = composeServices(services);
  if (result.errors) throw new CompositionFailed(result.errors.map(messageOf));
  return { supergraphSdl: result.supergraphSdl, publicSdl: result.publicSdl };
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
