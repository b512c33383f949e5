import { GatehouseError, type SessionUser } from 'graphql-gatehouse-client';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { PlainButton } from '../kit/button.tsx';
import { Card, Links } from '../kit/card.tsx';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { sessionState } from '../kit/session.ts';
import { at, settings } from '../kit/settings.ts';
import { SignInForm } from '../kit/sign-in-form.tsx';
import { Waiting } from '../kit/waiting.tsx';
import { AccountPage } from './account-page.tsx';
import { arrivedCode } from './arrived-code.ts';
import { keptMail } from './kept-mail.ts';
import { ProviderButtons } from './provider-buttons.tsx';
import { laterPart, text } from './text.ts';
import { goBack, VisitAgain, visit } from './visit.tsx';

/** Signs in, and goes on: back to the application, or to the account. */
export function SignIn() {
  const { route } = useLocation();
  const { status, user } = sessionState.value;
  const [code] = useState(arrivedCode);
  const isSignedIn = status === 'signed-in';
  useEffect(() => {
    if (isSignedIn && !visit) route(at('/account'), true);
  }, [isSignedIn]);
  return (
    <AccountPage title={text('signIn.title')} width="narrow">
      {isSignedIn && visit && user ? (
        <VisitAgain name={nameOf(user)} application={visit.application} />
      ) : (
        <SignInCard code={code} onSignedIn={goBack} />
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

const strangers = () => laterPart(import('./strangers-pages.ts'));
type Strangers = Awaited<ReturnType<typeof strangers>>;

/** How somebody signs in here: by more than a password, once that is loaded; or what they wait for. */
type Way = 'password' | 'mail' | 'provider' | 'proof';

export interface SignInCardProps {
  /** Of a provider, from which somebody has come back to sign in. */
  readonly code?: string | undefined;
  /** What happens then, besides that the session has somebody. */
  readonly onSignedIn?: () => void;
}

export function SignInCard({ code, onSignedIn }: SignInCardProps) {
  const lead = visit && text('signIn.lead', { application: visit.application });
  const [way, setWay] = useState<Way>(() => {
    if (code !== undefined) return 'provider';
    return settings.hasEmailSignIn && keptMail.read() ? 'mail' : 'password';
  });
  const [loaded, setLoaded] = useState<Strangers>();
  const [problem, setProblem] = useState<unknown>();
  const toPassword = (why?: unknown) => {
    setProblem(why);
    setWay('password');
  };
  // Who has come from a provider has an account by now, or is about to get it, and has a mail.
  const afterProvider = (why?: unknown) => {
    toPassword(why);
    if (why instanceof GatehouseError && why.reason === 'EMAIL_NOT_VERIFIED') setWay('proof');
  };
  useEffect(() => {
    if (way !== 'password' && !loaded) strangers().then(setLoaded, toPassword);
  }, [way]);
  const others = (
    <>
      <ProviderButtons />
      <Links>
        {[
          way === 'mail' ? (
            <PlainButton onClick={() => toPassword()}>{text('mail.password')}</PlainButton>
          ) : (
            settings.hasEmailSignIn && (
              <PlainButton onClick={() => setWay('mail')}>{text('signIn.byMail')}</PlainButton>
            )
          ),
          <a href={at(`/forgot-password${location.search}`)}>{text('signIn.forgot')}</a>,
          settings.hasSignUp && (
            <a href={at(`/account/sign-up${location.search}`)}>{text('signIn.signUp')}</a>
          ),
        ]}
      </Links>
    </>
  );
  if (way === 'proof' && loaded) {
    const words = { title: text('verify.mail'), lead: problemSentence(problem) };
    return <loaded.ResendCard {...words} onBack={() => toPassword()} />;
  }
  return (
    <Card title={text('signIn.title')} lead={lead}>
      {problem === undefined ? null : <Notice kind="problem">{problemSentence(problem)}</Notice>}
      {way === 'password' ? (
        <SignInForm onSignedIn={onSignedIn}>{others}</SignInForm>
      ) : loaded === undefined ? (
        <Waiting />
      ) : way === 'mail' ? (
        <loaded.MailSignIn>{others}</loaded.MailSignIn>
      ) : (
        <loaded.ProviderArrival code={`${code}`} onOver={afterProvider} />
      )}
    </Card>
  );
}
