import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import {
  SessionProvider,
  SignedIn,
  SignedOut,
  useSession,
  useUser,
} from '../../src/client/react.ts';
import type { SessionState, SessionUser } from '../../src/client/session-state.ts';
import { createFakeSession } from '../support/fake-session.ts';

const ada: SessionState = {
  status: 'signed-in',
  user: { id: 'ada', email: 'ada@example.com' } as SessionUser,
  sessionId: 's-ada',
};

/** What a browser does with it is in test/browser/client. */
describe('React components that a server renders', () => {
  it('show who the server says is signed in, and not whose session lives in the server', () => {
    const session = createFakeSession();
    session.signIn('bob');
    expect(render(session, ada)).toBe('<b>ada@example.com</b>');
  });

  it('show neither side while nobody knows', () => {
    expect(render(createFakeSession())).toBe('');
  });

  it('show that nobody is signed in', () => {
    const nobody: SessionState = { status: 'signed-out', user: null, sessionId: null };
    expect(render(createFakeSession(), nobody)).toBe('Please sign in.');
  });

  it('say so where they stand in no provider', () => {
    const Lost = () => createElement('b', null, useSession().state.status);
    expect(() => renderToString(createElement(Lost))).toThrow('SessionProvider');
  });
});

function render(session: ReturnType<typeof createFakeSession>, initial?: SessionState): string {
  const Name = () => createElement('b', null, useUser()?.email);
  return renderToString(
    createElement(
      SessionProvider,
      { session, ...(initial && { initial }) },
      createElement(SignedIn, null, createElement(Name)),
      createElement(SignedOut, null, 'Please sign in.'),
    ),
  );
}
