import type { SessionUser } from 'graphql-gatehouse-client';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Card, Links } from '../kit/card.tsx';
import { sessionState } from '../kit/session.ts';
import { at, settings } from '../kit/settings.ts';
import { SignInForm } from '../kit/sign-in-form.tsx';
import { AccountPage } from './account-page.tsx';
import { text } from './text.ts';
import { goBack, VisitAgain, visit } from './visit.tsx';

/** Signs in, and goes on: back to the application, or to the account. */
export function SignIn() {
  const { route } = useLocation();
  const { status, user } = sessionState.value;
  const isSignedIn = status === 'signed-in';
  useEffect(() => {
    if (isSignedIn && !visit) route(at('/account'), true);
  }, [isSignedIn]);
  return (
    <AccountPage title={text('signIn.title')} width="narrow">
      {isSignedIn && visit && user ? (
        <VisitAgain name={nameOf(user)} application={visit.application} />
      ) : (
        <SignInCard onSignedIn={goBack} />
      )}
    </AccountPage>
  );
}

/** Where somebody signs in, for the same visit. */
export function SignInLink({ label }: { readonly label: string }) {
  return <a href={at(`/account/sign-in${location.search}`)}>{label}</a>;
}

export function nameOf({ email, username, id }: SessionUser): string {
  return email ?? username ?? id;
}

/** @param props.onSignedIn what happens then, besides that the session has somebody */
export function SignInCard({ onSignedIn }: { readonly onSignedIn?: () => void }) {
  const lead = visit && text('signIn.lead', { application: visit.application });
  return (
    <Card title={text('signIn.title')} lead={lead}>
      <SignInForm onSignedIn={onSignedIn} />
      <Links>
        {[
          <a href={at(`/forgot-password${location.search}`)}>{text('signIn.forgot')}</a>,
          settings.hasSignUp && (
            <a href={at(`/account/sign-up${location.search}`)}>{text('signIn.signUp')}</a>
          ),
        ]}
      </Links>
    </Card>
  );
}
