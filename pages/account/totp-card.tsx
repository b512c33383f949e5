import {
  type Authenticators,
  beginTotpSetup,
  confirmTotpSetup,
  removeAuthenticator,
  type TotpSetup,
} from 'graphql-gatehouse-client/factors';
import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateOnly } from '../kit/dates.ts';
import { TotpField } from '../kit/factor-forms.tsx';
import { Form } from '../kit/form.tsx';
import { announce } from '../kit/live-region.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { steppedUp } from '../kit/stepped-up.ts';
import { kitText } from '../kit/texts.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { text } from './text.ts';

const picture = () => import('../kit/qr-code.tsx');

/** A secret that waits for its first code, and what makes a picture of it. */
interface Begun extends TotpSetup {
  readonly QrCode: Awaited<ReturnType<typeof picture>>['QrCode'];
}

export interface TotpCardProps {
  readonly totp: Authenticators['totp'];
  /** With recovery codes where there are new ones. */
  readonly onChange: (codes?: readonly string[]) => void;
}

/** The app that makes codes: how it is set up, and taken away. */
export function TotpCard({ totp, onChange }: TotpCardProps) {
  const [setup, setSetup] = useState<Begun>();
  const [isRemoving, setRemoving] = useState(false);
  const [done, setDone] = useState<string>();
  const finish = (sentence: string, codes?: readonly string[]) => {
    setSetup(undefined);
    setRemoving(false);
    setDone(sentence);
    announce(sentence);
    onChange(codes);
  };
  return (
    <Card level={2} title={text('totp.title')} lead={text('totp.lead')}>
      {done ? <Notice kind="good">{done}</Notice> : null}
      {totp ? (
        <>
          <p>{text('totp.on', { date: dateOnly(totp.createdAt) })}</p>
          <Actions>
            <Button kind="quiet" onClick={() => setRemoving(true)}>
              {text('totp.remove')}
            </Button>
          </Actions>
        </>
      ) : setup ? (
        <SetupForm
          setup={setup}
          onCancel={() => setSetup(undefined)}
          onCode={async (code) => {
            const codes = await steppedUp(() => confirmTotpSetup(session, code));
            finish(text('totp.added'), codes);
          }}
        />
      ) : (
        <Form
          kind="quiet"
          submit={text('totp.setUp')}
          onSubmit={async () => {
            setDone(undefined);
            const [begun, { QrCode }] = await Promise.all([
              steppedUp(() => beginTotpSetup(session)),
              picture(),
            ]);
            setSetup({ ...begun, QrCode });
          }}
        />
      )}
      {totp && isRemoving ? (
        <RemoveDialog
          title={text('totp.remove')}
          lead={text('totp.removeLead')}
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await steppedUp(() => removeAuthenticator(session, totp.id));
            finish(text('totp.removed'));
          }}
        />
      ) : null}
    </Card>
  );
}

interface SetupFormProps {
  readonly setup: Begun;
  readonly onCode: (code: string) => Promise<void>;
  readonly onCancel: () => void;
}

function SetupForm({ setup: { otpauthUrl, secret, QrCode }, onCode, onCancel }: SetupFormProps) {
  return (
    <>
      <p>{text('totp.scan')}</p>
      <QrCode content={otpauthUrl} label={text('totp.picture')} />
      <p>
        {text('totp.secret')}: <code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <p>
        <a href={otpauthUrl}>{text('totp.link')}</a>
      </p>
      <Form
        submit={text('totp.confirm')}
        beside={
          <Button kind="quiet" onClick={onCancel}>
            {kitText('cancel')}
          </Button>
        }
        onSubmit={({ totpCode = '' }) => onCode(totpCode.replace(/\s/g, ''))}
      >
        <TotpField name="totpCode" label={text('totp.code')} />
      </Form>
    </>
  );
}
