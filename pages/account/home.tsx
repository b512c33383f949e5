import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { session, sessionState } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { Waiting } from '../kit/waiting.tsx';
import { AccountPage } from './account-page.tsx';
import { text } from './text.ts';

/** Who is signed in; strangers go to sign in first. */
export function Home() {
  const { route } = useLocation();
  const { status, user } = sessionState.value;
  useEffect(() => {
    if (status === 'signed-out') route(at('/account/sign-in'), true);
  }, [status]);
  const name = user?.firstName ?? user?.email ?? '';
  return (
    <AccountPage title={text('home.title')}>
      {user ? (
        <Card title={text('home.title')} lead={text('visit.signedInAs', { name })}>
          <Actions>
            <Button kind="quiet" onClick={() => void session.logout()}>
              {text('signOut')}
            </Button>
          </Actions>
        </Card>
      ) : (
        <Waiting />
      )}
    </AccountPage>
  );
}
