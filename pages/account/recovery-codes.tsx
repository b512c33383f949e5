import { regenerateRecoveryCodes } from 'graphql-gatehouse-client/factors';
import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { CodeList } from '../kit/code-list.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Form } from '../kit/form.tsx';
import { Notice } from '../kit/notice.tsx';
import { saveFile } from '../kit/save-file.ts';
import { session } from '../kit/session.ts';
import { steppedUp } from '../kit/stepped-up.ts';
import { text } from './text.ts';

export interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** Shows them the one time that they can be shown. It is closed by a button, not by a slip. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const [isCopied, setCopied] = useState(false);
  const all = codes.join('\n');
  const copy = () => navigator.clipboard.writeText(all).then(() => setCopied(true));
  return (
    <Dialog title={text('codes.title')}>
      <p>{text('codes.lead')}</p>
      <CodeList codes={codes} />
      {isCopied ? <Notice kind="good">{text('codes.copied')}</Notice> : null}
      <Actions>
        <Button kind="quiet" onClick={() => void copy()}>
          {text('codes.copy')}
        </Button>
        <Button
          kind="quiet"
          onClick={() => saveFile('recovery-codes.txt', `${all}\n`, 'text/plain')}
        >
          {text('codes.save')}
        </Button>
        <Button kind="quiet" onClick={() => print()}>
          {text('codes.print')}
        </Button>
      </Actions>
      <Button onClick={onKept}>{text('codes.kept')}</Button>
    </Dialog>
  );
}

export interface RecoveryCardProps {
  readonly left: number;
  readonly onCodes: (codes: readonly string[]) => void;
}

/** How many are left, and new ones in their place. */
export function RecoveryCard({ left, onCodes }: RecoveryCardProps) {
  return (
    <Card level={2} title={text('codes.title')} lead={text('codes.left', { count: left })}>
      <p>{text('codes.renewLead')}</p>
      <Form
        kind="quiet"
        submit={text('codes.renew')}
        onSubmit={async () => onCodes(await steppedUp(() => regenerateRecoveryCodes(session)))}
      />
    </Card>
  );
}
