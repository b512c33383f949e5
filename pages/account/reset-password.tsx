import { useState } from 'preact/hooks';
import { ResetPasswordDocument } from '../generated/account/graphql.ts';
import { ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { linkToken, MissingLink, SpentLink, useSpentLink } from './link.tsx';
import { NewPassword } from './new-password.tsx';
import { text } from './text.ts';

/** Where the link of a mail leads that lets somebody set a password. */
export function ResetPassword() {
  return (
    <AccountPage title={text('reset.title')}>
      {linkToken === undefined ? (
        <MissingLink title={text('reset.title')} />
      ) : (
        <SetPassword token={linkToken} title={text('reset.title')} lead={text('reset.lead')} />
      )}
    </AccountPage>
  );
}

export interface SetPasswordProps {
  readonly token: string;
  readonly title: string;
  readonly lead: string;
}

export function SetPassword({ token, title, lead }: SetPasswordProps) {
  const [isDone, setDone] = useState(false);
  const link = useSpentLink();
  if (link.refusal) {
    return (
      <SpentLink title={title} refusal={link.refusal}>
        <ButtonLink href={at('/forgot-password')}>{text('link.forgot')}</ButtonLink>
      </SpentLink>
    );
  }
  if (isDone) {
    return (
      <Card title={title}>
        <Notice kind="good">{text('reset.done')}</Notice>
        <Actions>
          <ButtonLink href={at('/account/sign-in')}>{text('link.signIn')}</ButtonLink>
        </Actions>
      </Card>
    );
  }
  return (
    <Card title={title} lead={lead}>
      <Form
        submit={text('reset.submit')}
        onSubmit={({ newPassword = '' }) =>
          link.spend(async () => {
            await session.request(ResetPasswordDocument, { input: { token, newPassword } });
            setDone(true);
          })
        }
      >
        <NewPassword name="newPassword" label={text('reset.password')} />
      </Form>
    </Card>
  );
}
