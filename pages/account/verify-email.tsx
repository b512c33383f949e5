import { useState } from 'preact/hooks';
import { VerifyEmailDocument } from '../generated/account/graphql.ts';
import { ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { linkToken, MissingLink, useSpentLink } from './link.tsx';
import { ResendCard } from './resend-card.tsx';
import { SetPassword } from './reset-password.tsx';
import { text } from './text.ts';

/** Where the link of the mail leads in which an address is proved. */
export function VerifyEmail() {
  return (
    <AccountPage title={text('verify.title')}>
      {linkToken === undefined ? (
        <MissingLink title={text('verify.title')} />
      ) : (
        <Verify token={linkToken} />
      )}
    </AccountPage>
  );
}

function Verify({ token }: { readonly token: string }) {
  const [proved, setProved] = useState<{ readonly setPasswordToken: string | null }>();
  const link = useSpentLink();
  const title = text('verify.title');
  if (link.refusal) return <ResendCard title={title} lead={problemSentence(link.refusal)} />;
  if (proved?.setPasswordToken) {
    const lead = text('verify.setPassword');
    return <SetPassword token={proved.setPasswordToken} title={text('reset.title')} lead={lead} />;
  }
  if (proved) {
    return (
      <Card title={title}>
        <Notice kind="good">{text('verify.done')}</Notice>
        <Actions>
          <ButtonLink href={at('/account')}>{text('verify.toAccount')}</ButtonLink>
        </Actions>
      </Card>
    );
  }
  return (
    <Card title={title} lead={text('verify.lead')}>
      <Form
        submit={text('verify.confirm')}
        onSubmit={() =>
          link.spend(async () => {
            const { verifyEmail } = await session.request(VerifyEmailDocument, {
              input: { token },
            });
            setProved(verifyEmail);
          })
        }
      />
    </Card>
  );
}
