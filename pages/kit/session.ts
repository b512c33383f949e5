import { signal } from '@preact/signals';
import { createSession } from 'graphql-gatehouse-client';
import { locale } from './locale.ts';
import { at, settings } from './settings.ts';

/** The session of who uses these pages. */
export const session = createSession({
  url: at(settings.graphql),
  // Mails are written in the language that the page is in when they are asked for.
  fetch: (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('accept-language', locale.value);
    return fetch(input, { ...init, headers });
  },
});

/** Its state, for what renders it. */
export const sessionState = signal(session.state);

session.subscribe(() => {
  sessionState.value = session.state;
});
