import { Command } from 'commander';
import { readNames } from '../config/config.ts';
import { authSubgraphName } from '../config/subgraphs.ts';
import { StartError } from '../core/start-error.ts';
import type { Supergraph } from '../federation/compose-supergraph.ts';
import { printAuthSubgraph, printPublicSchema } from '../graphql/print-schema.ts';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';
import { textSource } from './text-source.ts';

export function schemaCommand(): Command {
  const schema = new Command('schema').description('the GraphQL schema');
  schema
    .command('print')
    .description('print the public schema')
    .action(() => {
      process.stdout.write(printPublicSchema(readNames(process.env)));
    });
  schema
    .command('subgraph')
    .description('print the auth schema as the subgraph that it is, for composing elsewhere')
    .addHelpText('after', `\nIts name in the supergraph has to be ${authSubgraphName}.`)
    .action(() => {
      process.stdout.write(printAuthSubgraph(readNames(process.env)));
    });
  schema
    .command('supergraph')
    .description('compose the subgraphs of gatehouse.yaml out of their schema files, and print it')
    .action(async () => {
      process.stdout.write(`${(await configuredGraph()).supergraphSdl.trimEnd()}\n`);
    });
  schema
    .command('coverage')
    .description('list the root fields and entities that no rule guards')
    .argument(
      '[supergraph]',
      "a supergraph's file, or - for standard input; otherwise that of the configuration",
    )
    .option('--diff <old>', 'a supergraph of before: list what was made more public instead')
    .addHelpText(
      'after',
      '\nExit code 1 when something is listed. What is open on purpose has @tag(name: "public").',
    )
    .action(async (file: string | undefined, { diff }: { diff?: string }, command: Command) => {
      const graph = file === undefined ? await configuredGraph() : await graphIn(file);
      const lines =
        diff === undefined
          ? await printOpen(command, graph)
          : await printOpened(command, await graphIn(diff), graph);
      if (lines > 0) process.exitCode = 1;
    });
  return schema;
}

async function printOpen(command: Command, graph: Supergraph): Promise<number> {
  const { openPlaces } = await import('../federation/authorization/coverage.ts');
  const open = openPlaces(graph, authSubgraphName);
  const lines = open.map(({ place, fields }) =>
    fields === undefined ? place : `${place}: ${fields.join(', ')}`,
  );
  print(command, { open }, lines.join('\n') || 'Every root field and entity has a rule.');
  return lines.length;
}

async function printOpened(
  command: Command,
  before: Supergraph,
  after: Supergraph,
): Promise<number> {
  const { openedBy } = await import('../federation/authorization/coverage.ts');
  const opened = openedBy(before, after, authSubgraphName);
  const lines = opened.map(
    (entry) =>
      `${entry.place}: ${entry.before === null ? 'new' : `was ${entry.before}`}, is ${entry.after || 'open'}`,
  );
  print(command, { opened }, lines.join('\n') || 'Nothing was made more public.');
  return lines.length;
}

/** Composition is loaded only by the commands that need it. */
async function graphIn(file: string): Promise<Supergraph> {
  const { readSupergraph } = await import('../federation/compose-supergraph.ts');
  return readSupergraph(await textSource(file).whole());
}

/** Out of files alone: where this runs, nothing else does. */
async function configuredGraph(): Promise<Supergraph> {
  const { federation, http, names } = commandConfig();
  if (federation.supergraph !== undefined) return graphIn(federation.supergraph);
  const subgraphs = await Promise.all(
    federation.subgraphs.map(async ({ name, url, schema }) => {
      if (schema !== undefined) return { name, url, sdl: await textSource(schema).whole() };
      throw new StartError(
        `${name} has no schema file. Name one in gatehouse.yaml, or give a supergraph.`,
      );
    }),
  );
  const { composeWithAuth } = await import('../federation/auth-subgraph.ts');
  const sdl = printAuthSubgraph(names);
  return composeWithAuth({ name: authSubgraphName, url: http.publicUrl, sdl, names }, subgraphs);
}
