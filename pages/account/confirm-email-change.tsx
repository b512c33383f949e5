import { useState } from 'preact/hooks';
import { ConfirmEmailChangeDocument } from '../generated/account/graphql.ts';
import { ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { linkToken, MissingLink, SpentLink, useSpentLink } from './link.tsx';
import { text } from './text.ts';

/** Where the link in the mail to a new address leads. */
export function ConfirmEmailChange() {
  return (
    <AccountPage title={text('emailChange.title')}>
      {linkToken === undefined ? (
        <MissingLink title={text('emailChange.title')} />
      ) : (
        <Confirm token={linkToken} />
      )}
    </AccountPage>
  );
}

function Confirm({ token }: { readonly token: string }) {
  const [isDone, setDone] = useState(false);
  const link = useSpentLink();
  const title = text('emailChange.title');
  if (link.refusal) {
    return (
      <SpentLink title={title} refusal={link.refusal}>
        <p>{text('emailChange.next')}</p>
        <ButtonLink href={at('/account/security')}>{text('menu.security')}</ButtonLink>
      </SpentLink>
    );
  }
  if (isDone) {
    return (
      <Card title={title}>
        <Notice kind="good">{text('emailChange.done')}</Notice>
        <Actions>
          <ButtonLink href={at('/account')}>{text('verify.toAccount')}</ButtonLink>
        </Actions>
      </Card>
    );
  }
  return (
    <Card title={title} lead={text('emailChange.lead')}>
      <Form
        submit={text('emailChange.confirm')}
        onSubmit={() =>
          link.spend(async () => {
            await session.request(ConfirmEmailChangeDocument, { input: { token } });
            setDone(true);
          })
        }
      />
    </Card>
  );
}
