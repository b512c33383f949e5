import type { Visit } from './page-settings.ts';

export interface VisitedApplication {
  readonly name: string;
  readonly redirectUris: readonly string[];
}

/**
 * Decides where somebody who came from an application goes back to.
 *
 * Attack: a link to our sign-in page with a `redirect_uri` of the attacker's, who then shows a page
 * that says "wrong password, once more" (an open redirect, ASVS 5.0 3.7.2; RFC 9700 section 4.11).
 * The server decides, before there is a form, and by equality alone (RFC 9700 section 4.1.3): whatever
 * takes an address apart reads some otherwise than a browser does.
 *
 * @param query of the request, without the question mark
 * @returns null where nothing was asked for
 */
export function visitOf(applications: readonly VisitedApplication[], query: string): Visit | null {
  const asked = new URLSearchParams(query).getAll('redirect_uri');
  const [redirectUri] = asked;
  if (redirectUri === undefined) return null;
  const application =
    asked.length === 1
      ? applications.find(({ redirectUris }) => redirectUris.includes(redirectUri))
      : undefined;
  return application ? { application: application.name, redirectUri } : { refused: true };
}
