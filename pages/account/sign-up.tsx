import { GatehouseError } from 'graphql-gatehouse-client';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Card, Links } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { session, sessionState } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { NewPassword } from './new-password.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { ResendCard } from './resend-card.tsx';
import { nameOf, SignInLink } from './sign-in.tsx';
import { text } from './text.ts';
import { goBack, VisitAgain, visit } from './visit.tsx';

/** Makes an account, and goes on as after a sign-in; or asks to prove the address first. */
export function SignUp() {
  const { route } = useLocation();
  const [waiting, setWaiting] = useState<string>();
  const { user } = sessionState.value;
  useEffect(() => {
    if (user && !visit) route(at('/account'), true);
  }, [user]);
  return (
    <AccountPage title={text('signUp.title')}>
      {user && visit ? (
        <VisitAgain name={nameOf(user)} application={visit.application} />
      ) : waiting === undefined ? (
        <SignUpCard onUnproved={setWaiting} />
      ) : (
        <ResendCard
          title={text('verify.mail')}
          lead={text('verify.mailLead', { email: waiting })}
          email={waiting}
        />
      )}
    </AccountPage>
  );
}

function SignUpCard({ onUnproved }: { readonly onUnproved: (email: string) => void }) {
  return (
    <Card
      title={text('signUp.title')}
      lead={visit && text('signIn.lead', { application: visit.application })}
    >
      <Form
        submit={text('signUp.submit')}
        onSubmit={async ({ email = '', password = '', firstName }) => {
          try {
            await session.register({ email, password, firstName: firstName || null });
            goBack();
          } catch (error) {
            if (!(error instanceof GatehouseError) || error.reason !== 'EMAIL_NOT_VERIFIED')
              throw error;
            onUnproved(email);
          }
        }}
      >
        <Field
          name="email"
          type="email"
          label={text('signUp.email')}
          autocomplete="username"
          required
        />
        <Field name="firstName" label={text('signUp.firstName')} autocomplete="given-name" />
        <NewPassword name="password" label={text('signUp.password')} />
      </Form>
      <ProviderButtons />
      <Links>{[<SignInLink label={text('signUp.signIn')} />]}</Links>
    </Card>
  );
}
