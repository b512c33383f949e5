import { useState } from 'preact/hooks';
import { ResendVerificationEmailDocument } from '../generated/account/graphql.ts';
import { PlainButton } from '../kit/button.tsx';
import { Card, Links } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { SignInLink } from './sign-in.tsx';
import { text } from './text.ts';

export interface ResendCardProps {
  readonly title: string;
  readonly lead: string;
  /** Where it is known. */
  readonly email?: string;
  /** Where somebody signs in on this very page. */
  readonly onBack?: () => void;
}

/** Asks for the mail again in which an address is proved. */
export function ResendCard({ title, lead, email, onBack }: ResendCardProps) {
  const [isSent, setSent] = useState(false);
  return (
    <Card title={title} lead={lead}>
      {isSent ? <Notice kind="good">{text('verify.resent')}</Notice> : null}
      <Form
        kind="quiet"
        submit={text('verify.resend')}
        onSubmit={async (values) => {
          const input = { email: values.email ?? '' };
          await session.request(ResendVerificationEmailDocument, { input });
          setSent(true);
        }}
      >
        <Field
          name="email"
          type="email"
          label={text('forgot.email')}
          autocomplete="email"
          {...(email !== undefined && { value: email })}
          required
        />
      </Form>
      <Links>
        {[
          onBack ? (
            <PlainButton onClick={onBack}>{text('forgot.back')}</PlainButton>
          ) : (
            <SignInLink label={text('forgot.back')} />
          ),
        ]}
      </Links>
    </Card>
  );
}
