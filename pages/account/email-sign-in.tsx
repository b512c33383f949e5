import type { GatehouseError } from 'graphql-gatehouse-client';
import { signInWithEmailLink } from 'graphql-gatehouse-client/email-sign-in';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { ButtonLink } from '../kit/button.tsx';
import { Card } from '../kit/card.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { kitText } from '../kit/texts.ts';
import { AccountPage } from './account-page.tsx';
import { linkToken, MissingLink, SpentLink, useSpentLink } from './link.tsx';
import { MailCodeForm, useFirstStep } from './mail-steps.tsx';
import { text } from './text.ts';

/** Where the link of a mail leads that signs in. */
export function EmailSignIn() {
  const title = text('mail.title');
  return (
    <AccountPage title={title}>
      {linkToken === undefined ? (
        <MissingLink title={title} />
      ) : (
        <Enter title={title} token={linkToken} />
      )}
    </AccountPage>
  );
}

/**
 * One click in the browser that asked for the mail. In another, the code of the same mail besides:
 * programs that look through mails run this page, too, and click.
 */
function Enter({ title, token }: { readonly title: string; readonly token: string }) {
  const { route } = useLocation();
  const [isElsewhere, setElsewhere] = useState(false);
  const link = useSpentLink();
  const { attempt, step } = useFirstStep(
    () => route(at('/account'), true),
    () => route(at('/account/sign-in'), true),
  );
  const enter = (how: { readonly code?: string } = {}) =>
    link.spend(async () => {
      try {
        await attempt(signInWithEmailLink(session, token, how));
      } catch (error) {
        if ((error as GatehouseError).reason !== 'SIGN_IN_STARTED_ELSEWHERE') throw error;
        setElsewhere(true);
      }
    });
  if (link.refusal) {
    return (
      <SpentLink title={title} refusal={link.refusal}>
        <ButtonLink href={at('/account/sign-in')}>{text('link.signIn')}</ButtonLink>
      </SpentLink>
    );
  }
  if (step) return <Card title={title}>{step}</Card>;
  if (isElsewhere) {
    return (
      <Card title={title}>
        <Notice>{text('mail.elsewhere')}</Notice>
        <MailCodeForm onCode={(code) => enter({ code })} />
      </Card>
    );
  }
  return (
    <Card title={title} lead={text('mail.lead')}>
      <Form submit={kitText('signIn.submit')} onSubmit={() => enter()} />
    </Card>
  );
}
