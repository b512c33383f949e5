import { useRoute } from 'preact-iso/router';
import { UserFactsDocument } from '../generated/admin/graphql.ts';
import { BackLink, Card } from '../kit/card.tsx';
import { Loading } from '../kit/loading.tsx';
import { at } from '../kit/settings.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import { EventsOf } from './event-list.tsx';
import { useMay } from './scopes.ts';
import { text } from './text.ts';
import { useChanges } from './use-changes.tsx';
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
  const { turn, begin, outcome, dialog } = useChanges();
  const found = useLoaded(() => ask(UserFactsDocument, { id }), [turn]);
  return (
    <>
      <BackLink href={at('/admin')}>{text('user.back')}</BackLink>
      {outcome}
      <Loading of={found}>
        {({ user }) =>
          user === null ? (
            <Card title={text('notFound.title')} lead={text('user.gone')} />
          ) : (
            <>
              <UserHead user={user} onChange={begin} />
              <UserSessions id={id} turn={turn} onChange={begin} />
              <UserFactors user={user} onChange={begin} />
              <UserRoles user={user} onChange={begin} />
            </>
          )
        }
      </Loading>
      {may('audit:read') ? (
        <Card level={2} title={text('user.events')}>
          <EventsOf filter={{ userId: id }} turn={turn} hidesAccount />
        </Card>
      ) : null}
      {dialog}
    </>
  );
}
