import { useState } from 'preact/hooks';
import { DeleteAccountDocument, ExportMyDataDocument } from '../generated/account/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { PasswordField } from '../kit/password-field.tsx';
import { session } from '../kit/session.ts';
import { kitText } from '../kit/texts.ts';
import { PersonalPage } from './personal-page.tsx';
import { saveFile } from './save-file.ts';
import { text } from './text.ts';

/** What is kept of somebody: to take away, and to end. */
export function Data() {
  return (
    <PersonalPage title={text('menu.data')}>
      {() => (
        <>
          <ExportCard />
          <DeleteCard />
        </>
      )}
    </PersonalPage>
  );
}

function ExportCard() {
  const [isDone, setDone] = useState(false);
  return (
    <Card title={text('data.exportTitle')} lead={text('data.exportLead')}>
      {isDone ? <Notice kind="good">{text('data.exportDone')}</Notice> : null}
      <Form
        submit={text('data.export')}
        onSubmit={async () => {
          const { exportMyData } = await session.request(ExportMyDataDocument);
          const content = JSON.stringify(exportMyData.data, null, 2);
          saveFile('my-data.json', content, 'application/json');
          setDone(true);
        }}
      />
    </Card>
  );
}

function DeleteCard() {
  const [isAsked, setAsked] = useState(false);
  return (
    <Card level={2} title={text('data.deleteTitle')} lead={text('data.deleteLead')}>
      <Actions>
        <Button kind="danger" onClick={() => setAsked(true)}>
          {text('data.delete')}
        </Button>
      </Actions>
      {isAsked ? (
        <Dialog title={text('data.deleteTitle')} onClose={() => setAsked(false)}>
          <p>{text('data.deleteLead')}</p>
          <Form
            kind="danger"
            submit={text('data.deleteConfirm')}
            beside={
              <Button kind="quiet" onClick={() => setAsked(false)}>
                {kitText('cancel')}
              </Button>
            }
            onSubmit={async ({ currentPassword = '' }) => {
              await session.request(DeleteAccountDocument, { input: { currentPassword } });
              await session.logout();
            }}
          >
            <PasswordField
              name="currentPassword"
              label={text('password.current')}
              autocomplete="current-password"
            />
          </Form>
        </Dialog>
      ) : null}
    </Card>
  );
}
