import type { Page, Request } from 'playwright-core';
import type { Visitor } from './page-visitor.ts';
import type { ProviderDeviation } from './test-provider.ts';

/** A site of whoever wants to do harm. */
const evil = 'http://evil.example';

/**
 * A provider that shows a page each time, and answers in the address, or in a form as Apple does. What goes
 * on from a page of another site comes from there, and brings no cookie with `SameSite=Strict`: a provider
 * that only redirects would not show that, for Chromium takes its answer for the next page of ours.
 */
export function asking(responseMode: 'query' | 'form_post'): ProviderDeviation {
  return {
    answer(context) {
      if (context.path === '/auth') {
        context.query = { ...context.query, prompt: 'login', response_mode: responseMode };
      }
      if (context.method !== 'GET' || !context.path.startsWith('/interaction/')) return false;
      context.body =
        '<!doctype html><title>Consent</title><form method="post"><button>Agree</button></form>';
      return true;
    },
  };
}

/** What the browser has sent to this path, with the headers that it has added. */
export function requestsTo({ context }: Visitor, path: string) {
  const requests: Request[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === path) requests.push(request);
  });
  return () =>
    Promise.all(
      requests.map(async (request) => {
        const { cookie, 'sec-fetch-site': from } = await request.allHeaders();
        return { method: request.method(), from, cookie };
      }),
    );
}

/** Brings somebody to a page of another site, whose script does what it likes. */
export async function lure({ context, page }: Visitor): Promise<Page> {
  const body = '<!doctype html><title>Cats</title>';
  await context.route(`${evil}/**`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(evil);
  return page;
}

/** Leaves a page for an address, with what stands behind its `?`: by a link, or in a form. */
export async function leaveFor(page: Page, address: string, how: 'get' | 'post'): Promise<void> {
  await page.evaluate(
    ([target, method]) => {
      const { origin, pathname, searchParams } = new URL(target);
      const form = Object.assign(document.createElement('form'), {
        method,
        action: `${origin}${pathname}`,
      });
      for (const [name, value] of searchParams) {
        form.append(Object.assign(document.createElement('input'), { name, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [address, how] as const,
  );
}
