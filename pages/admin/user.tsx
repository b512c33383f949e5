import { useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import { UserFactsDocument } from '../generated/admin/graphql.ts';
import { BackLink, Card } from '../kit/card.tsx';
import { announce } from '../kit/live-region.tsx';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { at } from '../kit/settings.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import { type Change, ChangeDialog } from './change-dialog.tsx';
import { EventsOf } from './event-list.tsx';
import { useMay } from './scopes.ts';
import { text } from './text.ts';
import { UserFactors } from './user-factors.tsx';
import { UserHead } from './user-head.tsx';
import { UserRoles } from './user-roles.tsx';
import { UserSessions } from './user-sessions.tsx';

/** One account: what it is, where it is signed in, what happened to it, and what can be done. */
export function User() {
  const { params } = useRoute();
  return <UserById key={params.id} id={params.id ?? ''} />;
}

function UserById({ id }: { readonly id: string }) {
  const may = useMay();
  const [change, setChange] = useState<Change>();
  const [done, setDone] = useState<string>();
  // How often something was changed: everything is read again.
  const [turn, setTurn] = useState(0);
  const found = useLoaded(() => ask(UserFactsDocument, { id }), [turn]);
  const notice = useRef<HTMLDivElement>(null);
  const finish = (sentence: string) => {
    setChange(undefined);
    setDone(sentence);
    setTurn(turn + 1);
    announce(sentence);
    notice.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <>
      <BackLink href={at('/admin')}>{text('user.back')}</BackLink>
      <Loading of={found}>
        {({ user }) =>
          user === null ? (
            <Card title={text('notFound.title')} lead={text('user.gone')} />
          ) : (
            <>
              {done ? (
                <Notice kind="good" at={notice}>
                  {done}
                </Notice>
              ) : null}
              <UserHead user={user} onChange={setChange} />
              <UserSessions id={id} turn={turn} onChange={setChange} />
              <UserFactors user={user} onChange={setChange} />
              <UserRoles user={user} onChange={setChange} />
            </>
          )
        }
      </Loading>
      {may('audit:read') ? (
        <Card level={2} title={text('user.events')}>
          <EventsOf filter={{ userId: id }} turn={turn} hidesAccount />
        </Card>
      ) : null}
      {change ? (
        <ChangeDialog change={change} onDone={finish} onClose={() => setChange(undefined)} />
      ) : null}
    </>
  );
}
