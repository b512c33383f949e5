import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { forwardableHeader } from './forwardable-header.ts';

/** The name under which the auth schema is a subgraph of the graph. */
export const authSubgraphName = 'gatehouse';

/** Of the settings file: milliseconds. */
export const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds === 0) {
    context.addIssue('must be a duration such as 500ms, 10s or 1m');
    return z.NEVER;
  }
  return milliseconds;
});

const httpUrl = z
  .string()
  .refine((text) => /^https?:/.test(text) && URL.canParse(text), 'must be an http or https URL');

const subgraph = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, 'must be a name such as reviews')
    .refine((name) => name.toLowerCase() !== authSubgraphName, `must not be ${authSubgraphName}`),
  url: httpUrl,
  schema: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
  claims: z
    .array(z.enum(['sid', 'scope', 'roles', 'acr', 'amr', 'auth_time']))
    .default(['scope', 'roles']),
  headers: z.array(forwardableHeader).default([]),
  passAccessToken: z.boolean().default(false),
  plainHeaders: z.boolean().default(false),
  errors: z.enum(['redact', 'pass']).optional(),
  timeout: duration.default(10_000),
  maxResponseSize: z.int().min(1_024).max(1_073_741_824).default(10_485_760),
  subscriptions: z.enum(['sse', 'graphql-ws']).default('sse'),
});

/** How the rules of the graph are enforced. */
export const authorization = z.strictObject({
  mode: z.enum(['filter', 'reject']).default('filter'),
  policies: z
    .string()
    .min(1)
    .refine(
      (text) => !/^[a-z]+:/.test(text) || (/^https?:/.test(text) && URL.canParse(text)),
      'must be the path of a module, or an http or https URL',
    )
    .optional(),
});
export type Authorization = z.infer<typeof authorization>;

/** A subgraph of the team's. Durations are in milliseconds, sizes in bytes. */
export type Subgraph = z.infer<typeof subgraph>;

/** The subgraphs of the settings file. */
export const subgraphs = z.array(subgraph).superRefine((entries, context) => {
  const names = entries.map(({ name }) => name.toLowerCase());
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    context.addIssue({ code: 'custom', message: `repeats ${name}`, path: [index, 'name'] });
  });
});

/**
 * Takes the policy module as it stands from the settings file.
 *
 * @returns the authorization with an absolute path, and a line when there is no such file
 */
export function withPolicyModule(
  path: string,
  given: Authorization,
): { readonly authorization: Authorization; readonly problems: readonly string[] } {
  if (given.policies === undefined || /^https?:/.test(given.policies)) {
    return { authorization: given, problems: [] };
  }
  const policies = resolve(dirname(path), given.policies);
  const problems = existsSync(policies) ? [] : [`the policy module ${policies} does not exist`];
  return { authorization: { ...given, policies }, problems };
}

/**
 * Takes the schema files as they stand from the settings file.
 *
 * @returns the subgraphs with absolute paths, and a line for each file that is not there
 */
export function withSchemaFiles(
  path: string,
  entries: readonly Subgraph[],
): { readonly found: readonly Subgraph[]; readonly problems: readonly string[] } {
  const found = entries.map((entry) =>
    entry.schema === undefined ? entry : { ...entry, schema: resolve(dirname(path), entry.schema) },
  );
  const problems = found
    .filter(({ schema }) => schema !== undefined && !existsSync(schema))
    .map(({ name, schema }) => `the schema of ${name}, ${schema}, does not exist`);
  return { found, problems };
}
