import { existsSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import {
  type AccessPolicy,
  oversizedGrants,
  roleName,
  scopeToken,
  undeclaredScopes,
} from '../access/access-policy.ts';
import { withoutByteOrderMark } from '../core/text.ts';
import { type Limits, limits } from './limits.ts';
import {
  type Application,
  applications,
  type PageSettings,
  pages,
  plainPages,
  withPageFiles,
} from './page-settings.ts';
import { type GivenProviders, providers } from './providers.ts';
import {
  type Authorization,
  authorization,
  duration,
  type Subgraph,
  subgraphs,
  withPolicyModule,
  withSchemaFiles,
} from './subgraphs.ts';

/** What is too structured for environment variables: gatehouse.yaml, or the same as JSON. */
export interface Settings {
  /** Absent where the file says nothing about roles. */
  readonly access: AccessPolicy | undefined;
  /** What is called otherwise in the graph: a type, a root field, or `User.field`. False leaves it out. */
  readonly names: Readonly<Record<string, string | false>>;
  /** Absent where the file names no subgraphs. `poll` is in milliseconds. */
  readonly federation:
    | {
        readonly subgraphs: readonly Subgraph[];
        readonly poll: number;
        readonly authorization: Authorization;
      }
    | undefined;
  /** What an operation may ask for in front of a graph; absent where the file says nothing of it. */
  readonly limits: Limits | undefined;
  readonly pages: PageSettings;
  readonly applications: readonly Application[];
  /** Whose accounts may be used to sign in. Secrets stand in variables, which are not read yet. */
  readonly providers: GivenProviders;
}

/** Where there is no such file. */
export const noSettings: Settings = {
  access: undefined,
  names: {},
  federation: undefined,
  limits: undefined,
  pages: plainPages,
  applications: [],
  providers: [],
};

const scope = z.string().regex(scopeToken, 'must be a scope such as reviews:read, without spaces');
const role = z.strictObject({
  default: z.boolean().default(false),
  scopes: z.array(scope).default([]),
});
const place = z
  .string()
  .regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)?$/, 'must be a type, a root field, or such as User.email');
const otherName = 'must be a name of GraphQL, or false to leave it out';
const nameInGraph = z.union(
  [z.literal(false), z.string().regex(/^[A-Za-z_]\w*$/, otherName)],
  otherName,
);
const file = z.strictObject({
  names: z.record(place, nameInGraph).default({}),
  scopes: z.array(scope).optional(),
  roles: z
    .record(z.string().regex(roleName, 'must be a role name such as editor'), role)
    .optional(),
  subgraphs: subgraphs.optional(),
  poll: duration.default(10_000),
  authorization: authorization.optional(),
  limits: limits.optional(),
  pages: pages.optional(),
  applications: applications.default([]),
  providers: providers.default([]),
});

/**
 * Reads the settings file. Anchors and merge keys of YAML work; a key that nobody knows is a problem,
 * since a mistyped one would silently open what it should close.
 *
 * @returns the settings, or every problem at once, one line each
 */
export function readSettingsFile(path: string): {
  readonly settings: Settings;
  readonly problems: readonly string[];
} {
  if (!existsSync(path)) return { settings: noSettings, problems: [`${path} does not exist`] };
  const document = parseDocument(withoutByteOrderMark(readFileSync(path, 'utf8')), {
    prettyErrors: true,
    merge: true,
  });
  if (document.errors.length > 0) {
    return {
      settings: noSettings,
      problems: document.errors.map(({ message }) => `${path}: ${message}`),
    };
  }
  const parsed = file.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${path}: ${describe(issue)}`);
    return { settings: noSettings, problems };
  }
  const access = toAccessPolicy(parsed.data);
  const { found, problems: missing } = withSchemaFiles(path, parsed.data.subgraphs ?? []);
  const policies = withPolicyModule(path, parsed.data.authorization ?? { mode: 'filter' });
  const looks = parsed.data.pages && withPageFiles(path, parsed.data.pages);
  const problems = [
    ...(access ? [...undeclaredScopes(access), ...oversizedGrants(access)] : []),
    ...missing,
    ...policies.problems,
    ...(looks?.problems ?? []),
  ];
  const federation =
    parsed.data.subgraphs === undefined && parsed.data.authorization === undefined
      ? undefined
      : {
          subgraphs: found,
          poll: parsed.data.poll,
          authorization: policies.authorization,
        };
  const { names, limits: ofOperations, applications: visited } = parsed.data;
  return {
    settings: {
      access,
      names,
      federation,
      limits: ofOperations,
      pages: looks?.pages ?? plainPages,
      applications: visited,
      providers: parsed.data.providers,
    },
    problems: problems.map((line) => `${path}: ${line}`),
  };
}

function describe(issue: z.core.$ZodIssue): string {
  const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
  return [issue.path.join('.'), message].filter(Boolean).join(' ');
}

function toAccessPolicy({ scopes, roles }: z.infer<typeof file>): AccessPolicy | undefined {
  if (!scopes && !roles) return undefined;
  return {
    scopes: scopes ?? [],
    roles: Object.entries(roles ?? {}).map(([name, { default: isDefault, scopes: held }]) => ({
      name,
      isDefault,
      scopes: [...new Set(held)].sort(),
    })),
  };
}
