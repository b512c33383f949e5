import { createHash } from 'node:crypto';
import type { Express, Request, RequestHandler, Response } from 'express';
import { onlyMethods } from '../error-handler.ts';
import { HttpError } from '../http-error.ts';
import { activityOf } from '../request-id.ts';
import type { PageApplication, PageFiles } from './page-files.ts';
import { pageLocale } from './page-locale.ts';
import type { ShellSettings } from './page-settings.ts';
import { pageShell, type ShellOptions } from './page-shell.ts';
import { pageTheme, type ThemeColors } from './page-theme.ts';
import { type VisitedApplication, visitOf } from './visit-of.ts';

interface OwnFile {
  readonly type: string;
  readonly content: Buffer;
}

/** How pages look, and where they send people. */
export interface PageOptions {
  /** The path of PUBLIC_URL, without a slash at its end. */
  readonly base: string;
  /** The path of the endpoint that they ask. */
  readonly graphql: string;
  readonly sessionEvents: ShellSettings['sessionEvents'];
  readonly product: string;
  readonly passwordMinLength: number;
  /** Whether people register by themselves. */
  readonly hasSignUp: boolean;
  /** Whether they may sign in with what a mail says. */
  readonly hasEmailSignIn: boolean;
  readonly providers: ShellSettings['providers'];
  readonly look: {
    readonly logo: OwnFile | undefined;
    readonly colors: { readonly light: ThemeColors; readonly dark: ThemeColors };
    readonly radius: number | undefined;
    readonly font: { readonly family: string; readonly file: OwnFile | undefined } | undefined;
    readonly styles: OwnFile | undefined;
    readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  readonly applications: readonly VisitedApplication[];
}

/** The pages of one application. */
export interface ServedPages {
  readonly application: PageApplication;
  readonly files: PageFiles;
  /** Where they stand besides `/<application>` and below. */
  readonly paths: readonly string[];
  readonly options: PageOptions;
}

/**
 * Attack: text that somebody typed, or a dependency, becomes a script in a page that may act for who is
 * signed in; a page of ours is framed and clicked through; a form sends a password elsewhere (ASVS 5.0
 * 3.4.3, 3.4.6). Nothing is loaded from another origin, no script and no style stands in a page, and no
 * text can become HTML (Trusted Types, with no policy that could make some).
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const permissions = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';

/** Serves an application's pages. Files have the hash of their content in their name, and are kept for ever. */
export function servePages(
  app: Express,
  { application, files, paths, options }: ServedPages,
): void {
  const below = `${options.base}/${application}/assets`;
  const own = ownFiles(options.look, below);
  const shell: ShellOptions = { files: below, built: files.built, styles: own.styles };
  const named: RequestHandler = (_request, response, next) => {
    activityOf(response).operation = `${application}-pages`;
    next();
  };
  app.all(
    `/${application}/assets/:file`,
    named,
    onlyMethods('GET', 'HEAD'),
    (request, response, next) => {
      const { file } = request.params;
      const found = typeof file === 'string' ? own.files.get(file) : undefined;
      if (found) sendOwn(response, found);
      else sendBuilt(request, response, files, `${file}`, next);
    },
  );
  const pages = [`/${application}`, `/${application}/{*path}`, ...paths];
  app.all(pages, named, onlyMethods('GET', 'HEAD'), (request, response) => {
    const visit = visitOf(options.applications, request.originalUrl.split('?').slice(1).join('?'));
    const locale = pageLocale(request, own.locales);
    if (visit && 'refused' in visit) response.status(400);
    response.setHeader('content-security-policy', policy);
    response.setHeader('permissions-policy', permissions);
    // A page says nothing of who looks at it, yet it is another in another language, or after an update.
    response.setHeader('cache-control', 'private, no-cache');
    response.setHeader('vary', 'Accept-Language, Cookie');
    response.setHeader('content-language', locale);
    const { base, graphql, sessionEvents, product, passwordMinLength } = options;
    const { hasSignUp, hasEmailSignIn, providers } = options;
    response.type('html').send(
      pageShell(shell, {
        base,
        graphql,
        sessionEvents,
        product,
        passwordMinLength,
        hasSignUp,
        hasEmailSignIn,
        providers,
        logo: own.logo,
        locale,
        locales: own.locales,
        texts: own.texts,
        visit,
      }),
    );
  });
}

/** The operator's files under names of ours, as addresses below a path. */
function ownFiles(
  { logo, font, styles, texts, colors, radius }: PageOptions['look'],
  below: string,
) {
  const files = new Map<string, OwnFile>();
  const add = (name: string, extension: string, file: OwnFile): string => {
    const hash = createHash('sha256').update(file.content).digest('base64url').slice(0, 10);
    const whole = `${name}-${hash}.${extension}`;
    files.set(whole, file);
    return `${below}/${whole}`;
  };
  const fontFile = font?.file && add('font', 'woff2', font.file);
  const theme = pageTheme({ colors, radius, font: font && { ...font, file: fontFile } });
  const css = (content: string): OwnFile => ({
    type: 'text/css; charset=utf-8',
    content: Buffer.from(content),
  });
  return {
    files,
    logo: logo ? add('logo', logo.type.replace(/^image\/|\+xml$/g, ''), logo) : null,
    styles: [
      ...(theme === '' ? [] : [add('theme', 'css', css(theme))]),
      ...(styles ? [add('own', 'css', styles)] : []),
    ],
    texts: Object.fromEntries(
      Object.entries(texts).map(([tag, words]) => [
        tag,
        add(tag, 'json', { type: 'application/json', content: Buffer.from(JSON.stringify(words)) }),
      ]),
    ),
    locales: [...new Set(['en', 'de', ...Object.keys(texts)])],
  };
}

const forEver = 'public, max-age=31536000, immutable';

function sendOwn(response: Response, { type, content }: OwnFile): void {
  response.setHeader('cache-control', forEver);
  response.setHeader('content-type', type);
  response.end(content);
}

/** @throws HttpError for a name that the build did not make, whatever it may look like */
function sendBuilt(
  request: Request,
  response: Response,
  { folder, built }: PageFiles,
  name: string,
  next: (error?: unknown) => void,
): void {
  if (!built.files.includes(name)) throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
  const coding = request.acceptsEncodings('br', 'gzip');
  const ending = coding === 'br' ? '.br' : coding === 'gzip' ? '.gz' : '';
  response.setHeader('cache-control', forEver);
  response.setHeader('vary', 'Accept-Encoding');
  response.type(name);
  if (ending !== '') response.setHeader('content-encoding', `${coding}`);
  response.sendFile(
    `${name}${ending}`,
    { root: folder, cacheControl: false, lastModified: false },
    (error) => {
      // Whoever leaves in the middle is told nothing.
      if (error && !response.headersSent) next(error);
    },
  );
}
