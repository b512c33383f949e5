import {
  type Authenticators,
  type Passkey,
  removeAuthenticator,
  renamePasskey,
} from 'graphql-gatehouse-client/factors';
import { addPasskey, hasPasskeys } from 'graphql-gatehouse-client/passkeys';
import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateOnly, timeAgo } from '../kit/dates.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { announce } from '../kit/live-region.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { steppedUp } from '../kit/stepped-up.ts';
import { Table } from '../kit/table.tsx';
import { kitText } from '../kit/texts.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { text } from './text.ts';

export interface PasskeysCardProps {
  readonly passkeys: Authenticators['passkeys'];
  /** With recovery codes where there are new ones. */
  readonly onChange: (codes?: readonly string[]) => void;
}

/** The passkeys of an account: how they are added, renamed and removed. */
export function PasskeysCard({ passkeys, onChange }: PasskeysCardProps) {
  const [done, setDone] = useState<string>();
  const [renamed, rename] = useState<Passkey>();
  const [removed, remove] = useState<Passkey>();
  const finish = (sentence: string | undefined, codes?: readonly string[]) => {
    rename(undefined);
    remove(undefined);
    setDone(sentence);
    if (sentence) announce(sentence);
    onChange(codes);
  };
  return (
    <Card level={2} title={text('passkeys.title')} lead={text('passkeys.lead')}>
      {done ? <Notice kind="good">{done}</Notice> : null}
      {passkeys.length > 0 ? (
        <PasskeyTable passkeys={passkeys} onRename={rename} onRemove={remove} />
      ) : null}
      {hasPasskeys() ? (
        <Form
          key={passkeys.length}
          kind="quiet"
          submit={text('passkeys.add')}
          onSubmit={async (values) => {
            const name = values.name?.trim() || text('passkeys.unnamed');
            const added = await steppedUp(() => addPasskey(session, { name }));
            finish(text('passkeys.added', { name: added.passkey.name }), added.recoveryCodes);
          }}
        >
          <Field name="name" label={text('passkeys.name')} hint={text('passkeys.nameHint')} />
        </Form>
      ) : null}
      {renamed ? (
        <Dialog title={text('passkeys.rename')} onClose={() => rename(undefined)}>
          <Form
            submit={text('passkeys.rename')}
            beside={
              <Button kind="quiet" onClick={() => rename(undefined)}>
                {kitText('cancel')}
              </Button>
            }
            onSubmit={async ({ name = '' }) => {
              await renamePasskey(session, renamed.id, name);
              finish(undefined);
            }}
          >
            <Field name="name" label={text('passkeys.name')} value={renamed.name} required />
          </Form>
        </Dialog>
      ) : null}
      {removed ? (
        <RemoveDialog
          title={text('passkeys.remove')}
          lead={text('passkeys.removeLead', { name: removed.name })}
          onClose={() => remove(undefined)}
          onConfirm={async () => {
            await steppedUp(() => removeAuthenticator(session, removed.id));
            finish(text('passkeys.removed', { name: removed.name }));
          }}
        />
      ) : null}
    </Card>
  );
}

interface PasskeyTableProps {
  readonly passkeys: readonly Passkey[];
  readonly onRename: (passkey: Passkey) => void;
  readonly onRemove: (passkey: Passkey) => void;
}

function PasskeyTable({ passkeys, onRename, onRemove }: PasskeyTableProps) {
  return (
    <Table
      caption={text('passkeys.title')}
      rows={passkeys}
      keyOf={({ id }) => id}
      columns={[
        { title: text('passkeys.passkey'), cell: ({ name }) => name },
        {
          title: text('passkeys.since'),
          cell: ({ createdAt }) => dateOnly(createdAt),
          isWhole: true,
        },
        { title: text('passkeys.used'), cell: usedText, isWhole: true },
        {
          title: text('passkeys.change'),
          cell: (passkey) => (
            <Actions>
              <Button
                kind="quiet"
                label={text('passkeys.renameLabel', { name: passkey.name })}
                onClick={() => onRename(passkey)}
              >
                {text('passkeys.rename')}
              </Button>
              <Button
                kind="quiet"
                label={text('passkeys.removeLabel', { name: passkey.name })}
                onClick={() => onRemove(passkey)}
              >
                {text('passkeys.remove')}
              </Button>
            </Actions>
          ),
        },
      ]}
    />
  );
}

function usedText({ suspended, lastUsedAt }: Passkey): string {
  if (suspended) return text('passkeys.suspended');
  return lastUsedAt === null ? text('passkeys.never') : timeAgo(lastUsedAt);
}
