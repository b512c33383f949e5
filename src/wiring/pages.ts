import type { Config } from '../config/config.ts';
import { holdsMutationLeftOut, type Names } from '../graphql/names.ts';
import { type ApolloServerSettings, createApolloServer } from '../http/apollo-server.ts';
import type { PagesEndpoint } from '../http/app.ts';
import { findPageFiles } from '../http/pages/page-files.ts';
import type { ServedPages } from '../http/pages/serve-pages.ts';
import { allowDocuments } from '../http/persisted-documents.ts';
import { ownRequestLimits } from '../http/request-limits.ts';

/** Where mails lead to, unless LINK_BASE_URL is elsewhere. */
const mailPaths = [
  '/verify-email',
  '/reset-password',
  '/forgot-password',
  '/email-sign-in',
  '/confirm-email-change',
  '/undo-email-change',
];

/** The endpoint of the pages where the graph has other names than they know. */
const pagesEndpoint = '/account/graphql';

/** The pages that are switched on, and were built. */
export function wirePages(config: Config): readonly ServedPages[] {
  const { pages, http, mail, password } = config;
  const options = {
    base: new URL(http.publicUrl).pathname.replace(/\/+$/, ''),
    graphql: hasOtherNames(config) ? pagesEndpoint : '/graphql',
    product: mail.productName,
    passwordMinLength: password.minLength,
    hasSignUp: config.names.register !== false && config.signUp === 'open',
    hasEmailSignIn: config.emailSignIn !== 'off' && config.names.requestSignInEmail !== false,
    providers:
      config.names.beginProviderSignIn === false
        ? []
        : config.providers.map(({ name, label }) => ({ name, label })),
    look: pages.look,
    applications: pages.applications,
  };
  const isOurs = mail.linkBase === http.publicUrl;
  const wanted = [
    ...(pages.account ? [['account', isOurs ? mailPaths : []] as const] : []),
    ...(pages.console ? [['admin', []] as const] : []),
  ];
  return wanted.flatMap(([application, paths]) => {
    const files = findPageFiles(application);
    if (!files) return [];
    const sessionEvents = sessionEventsIn(files.built.documents, config.names);
    return [{ application, files, paths, options: { ...options, sessionEvents } }];
  });
}

/** A subscription is the graph's: the endpoint of the pages has none. */
function sessionEventsIn(documents: readonly string[], names: Names): string | null {
  const { sessionEvents: name = 'sessionEvents' } = names;
  const own = documents.find((text) => /\bsessionEvents\b/.test(text));
  return own === undefined || name === false ? null : own.replace(/\bsessionEvents\b/, name);
}

/** The texts of all operations that the pages send. */
export function pageDocuments(pages: readonly ServedPages[]): readonly string[] {
  const all = pages.flatMap(({ files, options }) => [
    ...files.built.documents,
    options.sessionEvents ?? [],
  ]);
  return [...new Set(all.flat())];
}

/**
 * Serves the auth schema to the pages under its own names, where `names` gives it others in the graph.
 *
 * Attack: an endpoint with all that an operator left out of the graph. Nothing but the documents of the
 * pages runs here, and of those no mutation that was left out: `register: false` closes registration.
 *
 * @returns undefined where the pages ask the graph, or there are none
 */
export function wirePagesEndpoint(
  config: Config,
  pages: readonly ServedPages[],
  settings: Omit<ApolloServerSettings, 'knownOperations' | 'variableLimits' | 'isGraphIncomplete'>,
): PagesEndpoint | undefined {
  if (pages.length === 0 || !hasOtherNames(config)) return undefined;
  const { names } = config;
  const documents = pageDocuments(pages).filter((text) => !holdsMutationLeftOut(text, names));
  return {
    path: pagesEndpoint,
    apollo: createApolloServer({
      ...settings,
      knownOperations: undefined,
      variableLimits: ownRequestLimits.variables,
      isGraphIncomplete: () => false,
    }),
    findPersistedDocument: allowDocuments(new Map(), documents),
  };
}

function hasOtherNames({ names }: Config): boolean {
  return Object.keys(names).length > 0;
}
