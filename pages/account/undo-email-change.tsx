import { useState } from 'preact/hooks';
import { UndoEmailChangeDocument } from '../generated/account/graphql.ts';
import { ButtonLink } from '../kit/button.tsx';
import { Card } from '../kit/card.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { linkToken, MissingLink, SpentLink, useSpentLink } from './link.tsx';
import { text } from './text.ts';

/** Where the link in the mail to the old address leads. */
export function UndoEmailChange() {
  return (
    <AccountPage title={text('emailUndo.title')}>
      {linkToken === undefined ? (
        <MissingLink title={text('emailUndo.title')} />
      ) : (
        <Undo token={linkToken} />
      )}
    </AccountPage>
  );
}

function Undo({ token }: { readonly token: string }) {
  const [isDone, setDone] = useState(false);
  const link = useSpentLink();
  const title = text('emailUndo.title');
  if (link.refusal) {
    return (
      <SpentLink title={title} refusal={link.refusal}>
        <ButtonLink href={at('/forgot-password')}>{text('signIn.forgot')}</ButtonLink>
      </SpentLink>
    );
  }
  if (isDone) {
    return (
      <Card title={title}>
        <Notice kind="good">{text('emailUndo.done')}</Notice>
      </Card>
    );
  }
  return (
    <Card title={title} lead={text('emailUndo.lead')}>
      <Form
        submit={text('emailUndo.confirm')}
        onSubmit={() =>
          link.spend(async () => {
            await session.request(UndoEmailChangeDocument, { input: { token } });
            setDone(true);
          })
        }
      />
    </Card>
  );
}
