import type { Config } from '../config/config.ts';
import { findPageFiles } from '../http/pages/page-files.ts';
import type { ServedPages } from '../http/pages/serve-pages.ts';

/** Where mails lead to, unless LINK_BASE_URL is elsewhere. */
const mailPaths = [
  '/verify-email',
  '/reset-password',
  '/forgot-password',
  '/confirm-email-change',
  '/undo-email-change',
];

/** The pages that are switched on, and were built. */
export function wirePages(config: Config): readonly ServedPages[] {
  const { pages, http, mail, password } = config;
  const options = {
    base: new URL(http.publicUrl).pathname.replace(/\/+$/, ''),
    product: mail.productName,
    passwordMinLength: password.minLength,
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
    return files ? [{ application, files, paths, options }] : [];
  });
}
