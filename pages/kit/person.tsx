import type { SessionUser } from 'graphql-gatehouse-client';
import { useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import { Actions } from './card.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';
import { session, sessionState } from './session.ts';
import { SignInForm } from './sign-in-form.tsx';
import { kitText } from './texts.ts';
import { Waiting } from './waiting.tsx';

/**
 * Whose page it is: who is signed in, and who was until their session ended by itself. That one signs in
 * again in a dialog, so that nothing that was typed is lost.
 */
export function usePerson(): SessionUser | null {
  const { user, why } = sessionState.value;
  const last = useRef<SessionUser | null>(null);
  if (user) last.current = user;
  if (why === 'LOGOUT') last.current = null;
  return user ?? last.current;
}

/** Stands over the page of somebody whose session has ended. */
export function SignInAgain() {
  if (sessionState.value.status !== 'signed-out') return null;
  return (
    <Dialog title={kitText('signIn.again')}>
      <SignInForm />
    </Dialog>
  );
}

/** Where it is not known whether anybody is signed in: one moment, or nobody can tell. */
export function UnknownSession() {
  if (sessionState.value.problem === undefined) return <Waiting />;
  return (
    <>
      <Notice kind="problem">{kitText('unknown.lead')}</Notice>
      <Actions>
        <Button kind="quiet" onClick={() => session.resume()}>
          {kitText('again')}
        </Button>
      </Actions>
    </>
  );
}
