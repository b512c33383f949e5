import { createSession, type SessionState } from 'graphql-gatehouse-client';
import {
  SessionProvider,
  SignedIn,
  SignedOut,
  usePerUser,
  useUser,
} from 'graphql-gatehouse-client/react';
import { createElement, StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';

const password = 'correct horse battery staple';
const session = createSession({ url: '/graphql' });
const root = document.getElementById('root') as HTMLElement;
let made = 0;
const make = () => {
  made += 1;
  return made;
};

function Name() {
  return createElement('b', null, useUser()?.email);
}

function Page() {
  const value = usePerUser(make);
  return [
    createElement('i', { key: 'value' }, value),
    createElement(SignedIn, { key: 'in' }, createElement(Name), createElement('input')),
    createElement(SignedOut, { key: 'out' }, 'Nobody'),
  ];
}

const commands = {
  show() {
    const page = createElement(SessionProvider, { session }, createElement(Page));
    createRoot(root).render(createElement(StrictMode, null, page));
  },
  /** @param initial what the server knew when it rendered the page */
  hydrate(initial: SessionState) {
    const { user } = initial;
    root.innerHTML = user ? `<b>${user.email}</b><input>` : '';
    const sides = createElement(SignedIn, null, createElement(Name), createElement('input'));
    hydrateRoot(root, createElement(SessionProvider, { session, initial }, sides));
  },
  register: (email: string) => session.register({ email, password }),
  logout: session.logout,
  ready: () => session.ready,
};
Object.assign(globalThis, commands);
