import {
  type EmailRequest,
  requestSignInEmail,
  signInWithEmailCode,
} from 'graphql-gatehouse-client/email-sign-in';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { PlainButton } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { keptMail } from './kept-mail.ts';
import { MailCodeForm, useFirstStep } from './mail-steps.tsx';
import { text } from './text.ts';
import { goBack } from './visit.tsx';

interface Asked extends EmailRequest {
  readonly email: string;
}

/**
 * Signs in by a code. What was asked for is kept for this tab while somebody looks for the mail: a phone
 * may throw the page away meanwhile. It opens nothing without the cookie. Below it stand other ways, but
 * for the second step.
 */
export function MailSignIn({ children }: { readonly children: ComponentChildren }) {
  const [asked, setAsked] = useState(() => keptMail.read<Asked>());
  const forget = () => {
    keptMail.forget();
    setAsked(undefined);
  };
  const finish = () => {
    keptMail.forget();
    goBack();
  };
  const { attempt, step } = useFirstStep(finish, forget);
  if (step) return step;
  if (asked) {
    return (
      <>
        <Notice>{text('mail.asked', { email: asked.email })}</Notice>
        <MailCodeForm onCode={(code) => attempt(signInWithEmailCode(session, asked, code))} />
        <p>
          <PlainButton onClick={forget}>{text('mail.again')}</PlainButton>
        </p>
        {children}
      </>
    );
  }
  return (
    <>
      <Form
        submit={text('mail.submit')}
        onSubmit={async ({ email = '' }) => {
          const request = { ...(await requestSignInEmail(session, email)), email };
          keptMail.keep(request);
          setAsked(request);
        }}
      >
        <Field
          name="email"
          type="email"
          label={text('forgot.email')}
          autocomplete="username"
          required
        />
      </Form>
      {children}
    </>
  );
}
