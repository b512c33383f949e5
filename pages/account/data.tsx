import { type Authenticators, authenticators } from 'graphql-gatehouse-client/factors';
import { useState } from 'preact/hooks';
import { DeleteAccountDocument, ExportMyDataDocument } from '../generated/account/graphql.ts';
import { AccountName } from '../kit/account-name.tsx';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Form } from '../kit/form.tsx';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { saveFile } from '../kit/save-file.ts';
import { session } from '../kit/session.ts';
import { steppedUp } from '../kit/stepped-up.ts';
import { kitText } from '../kit/texts.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { CurrentPassword } from './current-password.tsx';
import { PersonalPage } from './personal-page.tsx';
import { text } from './text.ts';

/** What is kept of somebody: to take away, and to end. */
export function Data() {
  const found = useLoaded(() => authenticators(session));
  return (
    <PersonalPage title={text('menu.data')}>
      {() => (
        <>
          <ExportCard />
          <Loading of={found}>
            {({ hasPassword }: Authenticators) => <DeleteCard hasPassword={hasPassword} />}
          </Loading>
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

function DeleteCard({ hasPassword }: { readonly hasPassword: boolean }) {
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
            onSubmit={async ({ currentPassword = null }) => {
              const input = { currentPassword };
              await steppedUp(() => session.request(DeleteAccountDocument, { input }));
              await session.logout();
            }}
          >
            <AccountName />
            <CurrentPassword isThere={hasPassword} />
          </Form>
        </Dialog>
      ) : null}
    </Card>
  );
}
