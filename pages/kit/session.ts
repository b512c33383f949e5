import { signal } from '@preact/signals';
import { createSession, type SessionState } from 'graphql-gatehouse-client';
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

/** Its state, for what renders it. A guest has no account to see here, and signs in or up as a stranger does. */
export const sessionState = signal(shown());

session.subscribe(() => {
  sessionState.value = shown();
});

function shown(): SessionState {
  const { state } = session;
  const isGuest = state.user?.roles[0] === 'guest';
  return isGuest ? { status: 'signed-out', user: null, sessionId: null } : state;
}
