import {
  RevokeSessionsDocument,
  UserSessionsDocument,
  type UserSessionsQuery,
} from '../generated/admin/graphql.ts';
import { Button, ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateAndTime, timeAgo } from '../kit/dates.ts';
import { Loading } from '../kit/loading.tsx';
import { Pagination } from '../kit/pagination.tsx';
import { at } from '../kit/settings.ts';
import { Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { usePages } from '../kit/use-pages.ts';
import { ask } from './administration.ts';
import type { Change } from './change-dialog.tsx';
import { deviceName } from './names.ts';
import { useMay } from './scopes.ts';
import { text } from './text.ts';

type Sessions = NonNullable<UserSessionsQuery['user']>['sessions'];
type ListedSession = Sessions['nodes'][number];

export interface UserSessionsProps {
  readonly id: string;
  /** Read again when it changes. */
  readonly turn: number;
  readonly onChange: (change: Change) => void;
}

/** Where somebody is signed in, and how to end that there. */
export function UserSessions({ id, turn, onChange }: UserSessionsProps) {
  const may = useMay();
  const pages = usePages();
  const { after } = pages;
  const found = useLoaded(() => ask(UserSessionsDocument, { id, first: 20, after }), [after, turn]);
  return (
    <Card level={2} title={text('sessions.title')}>
      <Loading of={found}>
        {({ user }) =>
          user && user.sessions.nodes.length > 0 ? (
            <>
              <SessionTable sessions={user.sessions.nodes} onChange={onChange} />
              {may('sessions:revoke') ? (
                <Actions>
                  <ButtonLink kind="quiet" href={at(`/admin/sessions?userId=${id}`)}>
                    {text('sessions.endAll')}
                  </ButtonLink>
                </Actions>
              ) : null}
            </>
          ) : (
            <p>{text('sessions.none')}</p>
          )
        }
      </Loading>
      <Pagination
        label={text('sessions.title')}
        {...pages.ways(found.data?.user?.sessions.pageInfo)}
      />
    </Card>
  );
}

interface SessionTableProps extends Pick<UserSessionsProps, 'onChange'> {
  readonly sessions: readonly ListedSession[];
}

function SessionTable({ sessions, onChange }: SessionTableProps) {
  const may = useMay();
  const end = (session: ListedSession) =>
    session.current ? (
      text('sessions.yours')
    ) : (
      <Button
        kind="quiet"
        label={text('sessions.endLabel', { device: deviceName(session) })}
        onClick={() => onChange(endOf(session))}
      >
        {text('sessions.end')}
      </Button>
    );
  return (
    <Table
      caption={text('sessions.title')}
      rows={sessions}
      keyOf={({ id }) => id}
      columns={[
        { title: text('sessions.device'), cell: deviceName },
        { title: text('event.ip'), cell: ({ ip }) => ip ?? '–' },
        {
          title: text('sessions.opened'),
          cell: ({ createdAt }) => dateAndTime(createdAt),
          isWhole: true,
        },
        {
          title: text('sessions.used'),
          cell: ({ lastUsedAt }) => timeAgo(lastUsedAt),
          isWhole: true,
        },
        ...(may('sessions:revoke') ? [{ title: text('sessions.end'), cell: end }] : []),
      ]}
    />
  );
}

function endOf(session: ListedSession): Change {
  const device = deviceName(session);
  return {
    title: text('sessions.end'),
    lead: text('sessions.endLead', { device }),
    run: async ({ reason = '' }) => {
      const filter = { sessionId: session.id };
      await ask(RevokeSessionsDocument, { input: { filter, reason } });
      return text('sessions.ended', { device });
    },
  };
}
