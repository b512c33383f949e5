import {
  DeleteUserDocument,
  DisableUserDocument,
  EnableUserDocument,
  ExportUserDataDocument,
  ForcePasswordResetDocument,
  ImpersonateDocument,
  LiftThrottleDocument,
  RequestUserEmailChangeDocument,
  SendVerificationDocument,
  type UserFactsQuery,
  VerifyUserEmailDocument,
} from '../generated/admin/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateAndTime, timeAgo } from '../kit/dates.ts';
import { Facts } from '../kit/facts.tsx';
import { Field } from '../kit/field.tsx';
import { saveFile } from '../kit/save-file.ts';
import { sessionState } from '../kit/session.ts';
import { beginActing } from './acting.ts';
import { ask } from './administration.ts';
import type { Change } from './change-dialog.tsx';
import { accountName } from './names.ts';
import { useMay } from './scopes.ts';
import { text } from './text.ts';

export type ShownUser = NonNullable<UserFactsQuery['user']>;

export interface UserPartProps {
  readonly user: ShownUser;
  readonly onChange: (change: Change) => void;
}

/** Who it is, and what can be done with the account as a whole. */
export function UserHead({ user, onChange }: UserPartProps) {
  const may = useMay();
  const changes = changesOf(user, may);
  const isSelf = user.id === sessionState.value.user?.id;
  const { firstName, lastName, email, emailVerified, disabledAt } = user;
  const proof = text(emailVerified ? 'user.proved' : 'user.unproved');
  return (
    <Card title={accountName(user)}>
      <Facts
        facts={[
          [text('user.email'), email === null ? '–' : `${email} (${proof})`],
          [text('user.username'), user.username ?? '–'],
          [text('user.name'), [firstName, lastName].filter(Boolean).join(' ') || '–'],
          [text('user.created'), dateAndTime(user.createdAt)],
          [text('user.lastSeen'), timeAgo(user.lastSeenAt)],
          ...(disabledAt === null
            ? []
            : [[text('user.disabled'), dateAndTime(disabledAt)] as const]),
          [text('user.id'), user.id],
        ]}
      />
      {changes.length > 0 && !isSelf ? (
        <Actions>
          {changes.map((change) => (
            <Button key={change.title} kind="quiet" onClick={() => onChange(change)}>
              {change.title}
            </Button>
          ))}
        </Actions>
      ) : null}
    </Card>
  );
}

/** What fits the state of an account, the most usual first. */
function changesOf(user: ShownUser, may: (scope: string) => boolean): readonly Change[] {
  const { id: userId, email, emailVerified, disabledAt } = user;
  const input = ({ reason = '' }: Readonly<Record<string, string>>) => ({
    input: { userId, reason },
  });
  const forceReset: Change = {
    title: text('reset'),
    lead: text('reset.lead'),
    run: async (values) => {
      const { forcePasswordReset } = await ask(ForcePasswordResetDocument, input(values));
      return text('reset.done', { count: forcePasswordReset.revokedCount });
    },
  };
  const moveAddress: Change = {
    title: text('move'),
    lead: text('move.lead'),
    fields: <Field name="newEmail" type="email" label={text('move.newEmail')} required />,
    run: async ({ newEmail = '', ...values }) => {
      const given = { input: { ...input(values).input, newEmail } };
      await ask(RequestUserEmailChangeDocument, given);
      return text('move.done', { email: newEmail });
    },
  };
  const sendAgain: Change = {
    title: text('send'),
    lead: text('send.lead'),
    run: async (values) => {
      const { sendVerification } = await ask(SendVerificationDocument, input(values));
      return text(sendVerification.sent ? 'send.done' : 'send.nothing');
    },
  };
  const prove: Change = {
    title: text('prove'),
    lead: text('prove.lead'),
    run: async (values) => {
      await ask(VerifyUserEmailDocument, input(values));
      return text('prove.done');
    },
  };
  const lift: Change = {
    title: text('lift'),
    lead: text('lift.lead'),
    fields: <Field name="ip" label={text('event.ip')} hint={text('lift.ipHint')} />,
    run: async ({ ip, ...values }) => {
      await ask(LiftThrottleDocument, {
        input: { ...input(values).input, ip: ip?.trim() || null },
      });
      return text('lift.done');
    },
  };
  const act: Change = {
    title: text('act'),
    lead: text('act.lead'),
    run: async (values) => {
      const { impersonate } = await ask(ImpersonateDocument, input(values));
      beginActing({ userId, name: accountName(user), ...impersonate });
      return text('act.done');
    },
  };
  const exportData: Change = {
    title: text('export'),
    lead: text('export.lead'),
    run: async (values) => {
      const { exportUserData } = await ask(ExportUserDataDocument, input(values));
      const content = JSON.stringify(exportUserData.data, null, 2);
      saveFile(`data-${userId}.json`, content, 'application/json');
      return text('export.done');
    },
  };
  const enable: Change = {
    title: text('enable'),
    lead: text('enable.lead'),
    run: async (values) => {
      await ask(EnableUserDocument, input(values));
      return text('enable.done');
    },
  };
  const disable: Change = {
    title: text('disable'),
    lead: text('disable.lead'),
    isDangerous: true,
    run: async (values) => {
      await ask(DisableUserDocument, input(values));
      return text('disable.done');
    },
  };
  const remove: Change = {
    title: text('delete'),
    lead: text('delete.lead'),
    isDangerous: true,
    run: async (values) => {
      await ask(DeleteUserDocument, input(values));
      return text('delete.done');
    },
  };
  const isUnproved = email !== null && !emailVerified;
  const isOpen = disabledAt === null;
  const care = [
    ...(email === null ? [] : [forceReset]),
    ...(may('users:impersonate') ? [moveAddress] : []),
    ...(isUnproved && isOpen ? [sendAgain] : []),
    ...(isUnproved ? [prove] : []),
    lift,
  ];
  return [
    ...(may('users:write') ? care : []),
    ...(may('users:impersonate') && isOpen ? [act] : []),
    ...(may('audit:read') ? [exportData] : []),
    ...(may('users:write') ? [isOpen ? disable : enable, remove] : []),
  ];
}
