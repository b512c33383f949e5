import type { SessionUser } from 'graphql-gatehouse-client';
import { type ComponentChildren, Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Button } from '../kit/button.tsx';
import { Actions } from '../kit/card.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Menu } from '../kit/menu.tsx';
import { Notice } from '../kit/notice.tsx';
import { session, sessionState } from '../kit/session.ts';
import { kitText } from '../kit/texts.ts';
import { Waiting } from '../kit/waiting.tsx';
import { AccountPage } from './account-page.tsx';
import { SignInCard, SignInForm } from './sign-in.tsx';
import { text } from './text.ts';

export interface PersonalPageProps {
  readonly title: string;
  readonly children: (user: SessionUser) => ComponentChildren;
}

/**
 * A page for who is signed in. Strangers sign in on the spot and are where they wanted to be. A session
 * that ends while the page is open is taken up again in a dialog: nothing that was typed is lost, and
 * somebody else who signs in there gets a page of their own.
 */
export function PersonalPage({ title, children }: PersonalPageProps) {
  const { path } = useLocation();
  const { status, user, why, problem } = sessionState.value;
  const last = useRef<SessionUser | null>(null);
  if (user) last.current = user;
  if (why === 'LOGOUT') last.current = null;
  const shown = user ?? last.current;
  if (!shown) {
    return (
      <AccountPage title={title}>
        {status === 'signed-out' ? (
          <SignInCard />
        ) : (
          <Unknown isUnreachable={problem !== undefined} />
        )}
      </AccountPage>
    );
  }
  return (
    <AccountPage title={title} width="usual" menu={<AccountMenu current={path} />}>
      <Fragment key={shown.id}>{children(shown)}</Fragment>
      {status === 'signed-out' ? (
        <Dialog title={text('signIn.again')}>
          <SignInForm />
        </Dialog>
      ) : null}
    </AccountPage>
  );
}

function AccountMenu({ current }: { readonly current: string }) {
  return (
    <Menu
      label={text('menu.label')}
      current={current}
      entries={[
        { path: '/account', label: text('menu.profile') },
        { path: '/account/security', label: text('menu.security') },
        { path: '/account/devices', label: text('menu.devices') },
        { path: '/account/data', label: text('menu.data') },
      ]}
    >
      <button type="button" onClick={() => void session.logout()}>
        {text('signOut')}
      </button>
    </Menu>
  );
}

function Unknown({ isUnreachable }: { readonly isUnreachable: boolean }) {
  if (!isUnreachable) return <Waiting />;
  return (
    <>
      <Notice kind="problem">{text('unknown.lead')}</Notice>
      <Actions>
        <Button kind="quiet" onClick={() => session.resume()}>
          {kitText('again')}
        </Button>
      </Actions>
    </>
  );
}
