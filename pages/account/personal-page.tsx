import type { SessionUser } from 'graphql-gatehouse-client';
import { type ComponentChildren, Fragment } from 'preact';
import { useLocation } from 'preact-iso/router';
import { Menu } from '../kit/menu.tsx';
import { SignInAgain, UnknownSession, usePerson } from '../kit/person.tsx';
import { session, sessionState } from '../kit/session.ts';
import { StepUpHost } from '../kit/step-up-host.tsx';
import { kitText } from '../kit/texts.ts';
import { AccountPage } from './account-page.tsx';
import { SignInCard } from './sign-in.tsx';
import { text } from './text.ts';

export interface PersonalPageProps {
  readonly title: string;
  readonly children: (user: SessionUser) => ComponentChildren;
}

/**
 * A page for who is signed in. Strangers sign in on the spot and are where they wanted to be. A session
 * that ends while the page is open is taken up again in a dialog; somebody else who signs in there gets a
 * page of their own.
 */
export function PersonalPage({ title, children }: PersonalPageProps) {
  const { path } = useLocation();
  const person = usePerson();
  if (!person) {
    const isKnown = sessionState.value.status === 'signed-out';
    return <AccountPage title={title}>{isKnown ? <SignInCard /> : <UnknownSession />}</AccountPage>;
  }
  return (
    <AccountPage title={title} width="usual" menu={<AccountMenu current={path} />}>
      <Fragment key={person.id}>{children(person)}</Fragment>
      <StepUpHost />
      <SignInAgain />
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
        {kitText('signOut')}
      </button>
    </Menu>
  );
}
