import { type Authenticators, authenticators } from 'graphql-gatehouse-client/factors';
import { useState } from 'preact/hooks';
import {
  ChangePasswordDocument,
  MyAccountDocument,
  RequestEmailChangeDocument,
} from '../generated/account/graphql.ts';
import { AccountName } from '../kit/account-name.tsx';
import { Card } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { Loading } from '../kit/loading.tsx';
import { mustEnrol } from '../kit/must-enrol.ts';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { session } from '../kit/session.ts';
import { settings } from '../kit/settings.ts';
import { steppedUp } from '../kit/stepped-up.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { CurrentPassword } from './current-password.tsx';
import { IdentitiesCard } from './identities-card.tsx';
import { NewPassword } from './new-password.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { PersonalPage } from './personal-page.tsx';
import { RecoveryCard, RecoveryCodes } from './recovery-codes.tsx';
import { text } from './text.ts';
import { TotpCard } from './totp-card.tsx';

/** How somebody signs in: a card a way. */
export function Security() {
  return (
    <PersonalPage title={text('menu.security')}>
      {({ email }) => <SecurityCards email={email} />}
    </PersonalPage>
  );
}

function SecurityCards({ email }: { readonly email: string | null }) {
  const found = useLoaded(() => authenticators(session));
  // What there is may be read by whoever has to add a factor; who they are may not.
  const account = useLoaded(() => session.request(MyAccountDocument));
  const [codes, setCodes] = useState<readonly string[]>([]);
  const finish = (shown: readonly string[] = []) => {
    setCodes(shown);
    found.reload();
    account.reload();
  };
  return (
    <>
      {mustEnrol(account.problem) ? (
        <>
          <Card title={text('menu.security')}>
            <Notice>{problemSentence(account.problem)}</Notice>
          </Card>
          <TotpCard totp={found.data?.totp ?? null} onChange={finish} />
          <PasskeysCard passkeys={found.data?.passkeys ?? []} onChange={finish} />
        </>
      ) : (
        <Loading of={found}>
          {(has: Authenticators) => (
            <>
              <PasswordCard hasPassword={has.hasPassword} />
              <TotpCard totp={has.totp} onChange={finish} />
              <PasskeysCard passkeys={has.passkeys} onChange={finish} />
              {settings.providers.length > 0 ? <IdentitiesCard onChange={account.reload} /> : null}
              {has.totp || has.passkeys.length > 0 ? (
                <RecoveryCard left={has.recoveryCodesLeft} onCodes={finish} />
              ) : null}
              <EmailCard email={email ?? ''} hasPassword={has.hasPassword} />
            </>
          )}
        </Loading>
      )}
      {codes.length > 0 ? <RecoveryCodes codes={codes} onKept={() => setCodes([])} /> : null}
    </>
  );
}

function PasswordCard({ hasPassword }: { readonly hasPassword: boolean }) {
  const [times, setTimes] = useState(0);
  return (
    <Card title={text('password.title')} lead={text('password.lead')}>
      {times > 0 ? <Notice kind="good">{text('password.changed')}</Notice> : null}
      <Form
        key={times}
        submit={text('password.submit')}
        onSubmit={async ({ currentPassword = null, newPassword = '' }) => {
          const input = { currentPassword, newPassword };
          await steppedUp(() => session.request(ChangePasswordDocument, { input }));
          setTimes(times + 1);
        }}
      >
        <AccountName />
        <CurrentPassword isThere={hasPassword} />
        <NewPassword name="newPassword" label={text('password.new')} />
      </Form>
    </Card>
  );
}

interface EmailCardProps {
  readonly email: string;
  readonly hasPassword: boolean;
}

function EmailCard({ email, hasPassword }: EmailCardProps) {
  const [asked, setAsked] = useState<string>();
  return (
    <Card level={2} title={text('email.title')} lead={text('email.lead', { email })}>
      {asked ? <Notice kind="good">{text('email.asked', { email: asked })}</Notice> : null}
      <Form
        key={asked ?? ''}
        kind="quiet"
        submit={text('email.submit')}
        onSubmit={async ({ newEmail = '', currentPassword = null }) => {
          const input = { newEmail, currentPassword };
          await steppedUp(() => session.request(RequestEmailChangeDocument, { input }));
          setAsked(newEmail);
        }}
      >
        <AccountName />
        <Field
          name="newEmail"
          type="email"
          label={text('email.new')}
          autocomplete="email"
          required
        />
        <CurrentPassword isThere={hasPassword} />
      </Form>
    </Card>
  );
}
