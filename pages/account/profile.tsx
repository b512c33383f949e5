import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import {
  MyAccountDocument,
  type MyAccountQuery,
  ResendVerificationEmailDocument,
  UpdateProfileDocument,
} from '../generated/account/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateOnly } from '../kit/dates.ts';
import { Facts } from '../kit/facts.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { Loading } from '../kit/loading.tsx';
import { mustEnrol } from '../kit/must-enrol.ts';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { PersonalPage } from './personal-page.tsx';
import { text } from './text.ts';

type Me = NonNullable<MyAccountQuery['me']>;

/** What the account says of its holder. */
export function Profile() {
  return <PersonalPage title={text('profile.title')}>{() => <ProfileCards />}</PersonalPage>;
}

function ProfileCards() {
  const { route } = useLocation();
  const account = useLoaded(() => session.request(MyAccountDocument));
  const isElsewhere = mustEnrol(account.problem);
  useEffect(() => {
    if (isElsewhere) route(at('/account/security'), true);
  }, [isElsewhere]);
  return (
    <Loading of={account}>
      {({ me }) => me && <ProfileCard me={me} onSaved={account.reload} />}
    </Loading>
  );
}

function ProfileCard({ me, onSaved }: { readonly me: Me; readonly onSaved: () => void }) {
  const [isSaved, setSaved] = useState(false);
  return (
    <Card title={text('profile.title')} lead={text('profile.lead')}>
      {me.email === null || me.emailVerified ? null : <Unproved email={me.email} />}
      {isSaved ? <Notice kind="good">{text('profile.saved')}</Notice> : null}
      <Facts
        facts={[
          [text('profile.email'), me.email ?? '–'],
          [text('profile.since'), dateOnly(me.createdAt)],
        ]}
      />
      <Form
        submit={text('profile.submit')}
        onSubmit={async (values) => {
          setSaved(false);
          const input = changesOf(me, values);
          await session.request(UpdateProfileDocument, { input });
          setSaved(true);
          onSaved();
        }}
      >
        <Field
          name="firstName"
          label={text('profile.firstName')}
          autocomplete="given-name"
          value={me.firstName ?? ''}
        />
        <Field
          name="lastName"
          label={text('profile.lastName')}
          autocomplete="family-name"
          value={me.lastName ?? ''}
        />
        <Field
          name="username"
          label={text('profile.username')}
          autocomplete="nickname"
          value={me.username ?? ''}
        />
        <Field
          name="avatarUrl"
          type="url"
          label={text('profile.avatarUrl')}
          hint={text('profile.avatarUrlHint')}
          autocomplete="photo"
          value={me.avatarUrl ?? ''}
        />
      </Form>
    </Card>
  );
}

/** Only what was changed goes out: a username can't be taken away once it is there, nor has it to. */
function changesOf(
  me: Me,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string | null>> {
  const names = ['firstName', 'lastName', 'username', 'avatarUrl'] as const;
  return Object.fromEntries(
    names
      .map((name) => [name, values[name]?.trim() || null] as const)
      .filter(([name, value]) => value !== me[name]),
  );
}

function Unproved({ email }: { readonly email: string }) {
  const [outcome, setOutcome] = useState<string>();
  const resend = async () => {
    try {
      await session.request(ResendVerificationEmailDocument, { input: { email } });
      setOutcome(text('profile.resent', { email }));
    } catch (error) {
      setOutcome(problemSentence(error));
    }
  };
  return (
    <Notice>
      <p>{outcome ?? text('profile.unproved', { email })}</p>
      <Actions>
        <Button kind="quiet" onClick={() => void resend()}>
          {text('profile.resend')}
        </Button>
      </Actions>
    </Notice>
  );
}
