import { useState } from 'preact/hooks';
import { RequestPasswordResetDocument } from '../generated/account/graphql.ts';
import { Card, Links } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { AccountPage } from './account-page.tsx';
import { SignInLink } from './sign-in.tsx';
import { text } from './text.ts';

/** Asks for a link to set a new password. What it says does not tell who has an account. */
export function ForgotPassword() {
  const [isAsked, setAsked] = useState(false);
  return (
    <AccountPage title={text('forgot.title')}>
      <Card title={text('forgot.title')} lead={text('forgot.lead')}>
        {isAsked ? <Notice kind="good">{text('forgot.asked')}</Notice> : null}
        <Form
          submit={text('forgot.submit')}
          kind={isAsked ? 'quiet' : 'primary'}
          onSubmit={async ({ email = '' }) => {
            await session.request(RequestPasswordResetDocument, { input: { email } });
            setAsked(true);
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
        <Links>{[<SignInLink label={text('forgot.back')} />]}</Links>
      </Card>
    </AccountPage>
  );
}
