import { useState } from 'preact/hooks';
import {
  ChangePasswordDocument,
  RequestEmailChangeDocument,
} from '../generated/account/graphql.ts';
import { Card } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { PasswordField } from '../kit/password-field.tsx';
import { session } from '../kit/session.ts';
import { NewPassword } from './new-password.tsx';
import { PersonalPage } from './personal-page.tsx';
import { text } from './text.ts';

/** How somebody signs in: a card a way. */
export function Security() {
  return (
    <PersonalPage title={text('menu.security')}>
      {({ email, username }) => (
        <>
          <PasswordCard name={email ?? username ?? ''} />
          <EmailCard email={email ?? ''} />
        </>
      )}
    </PersonalPage>
  );
}

function PasswordCard({ name }: { readonly name: string }) {
  const [times, setTimes] = useState(0);
  return (
    <Card title={text('password.title')} lead={text('password.lead')}>
      {times > 0 ? <Notice kind="good">{text('password.changed')}</Notice> : null}
      <Form
        key={times}
        submit={text('password.submit')}
        onSubmit={async ({ currentPassword = '', newPassword = '' }) => {
          const input = { currentPassword, newPassword };
          await session.request(ChangePasswordDocument, { input });
          setTimes(times + 1);
        }}
      >
        {/* Whose password it is: managers keep it under that name. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <PasswordField
          name="currentPassword"
          label={text('password.current')}
          autocomplete="current-password"
        />
        <NewPassword name="newPassword" label={text('password.new')} />
      </Form>
    </Card>
  );
}

function EmailCard({ email }: { readonly email: string }) {
  const [asked, setAsked] = useState<string>();
  return (
    <Card level={2} title={text('email.title')} lead={text('email.lead', { email })}>
      {asked ? <Notice kind="good">{text('email.asked', { email: asked })}</Notice> : null}
      <Form
        key={asked ?? ''}
        kind="quiet"
        submit={text('email.submit')}
        onSubmit={async ({ newEmail = '', currentPassword = '' }) => {
          const input = { newEmail, currentPassword };
          await session.request(RequestEmailChangeDocument, { input });
          setAsked(newEmail);
        }}
      >
        <Field
          name="newEmail"
          type="email"
          label={text('email.new')}
          autocomplete="email"
          required
        />
        <PasswordField
          name="currentPassword"
          label={text('password.current')}
          autocomplete="current-password"
        />
      </Form>
    </Card>
  );
}
