import {
  type AuditEventFilter,
  AuditEventsDocument,
  type AuditEventsQuery,
} from '../generated/admin/graphql.ts';
import { dateAndTime } from '../kit/dates.ts';
import { Loading } from '../kit/loading.tsx';
import { Pagination } from '../kit/pagination.tsx';
import { at } from '../kit/settings.ts';
import { type Column, Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { usePages } from '../kit/use-pages.ts';
import { ask } from './administration.ts';
import { text } from './text.ts';

type AuditEvent = AuditEventsQuery['auditEvents']['nodes'][number];

export interface EventsOfProps {
  readonly filter: AuditEventFilter;
  /** Read again when it changes. */
  readonly turn?: number;
  /** Where all of them are of one account. */
  readonly hidesAccount?: boolean;
}

/** What happened, the newest first. */
export function EventsOf({ filter, turn = 0, hidesAccount = false }: EventsOfProps) {
  const pages = usePages();
  const { after } = pages;
  const events = useLoaded(
    () => ask(AuditEventsDocument, { first: 20, after, filter }),
    [after, turn],
  );
  const account: Column<AuditEvent> = {
    title: text('event.account'),
    isWhole: true,
    cell: ({ userId }) => <AccountLink id={userId} />,
  };
  return (
    <>
      <Loading of={events}>
        {({ auditEvents }) =>
          auditEvents.nodes.length === 0 ? (
            <p>{text('nothingFound')}</p>
          ) : (
            <Table
              caption={text('menu.events')}
              rows={auditEvents.nodes}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: text('event.at'),
                  cell: (event) => dateAndTime(event.at),
                  isWhole: true,
                },
                { title: text('event.type'), cell: (event) => event.type, isWhole: true },
                ...(hidesAccount ? [] : [account]),
                {
                  title: text('event.actor'),
                  cell: ({ actorId }) => <AccountLink id={actorId} />,
                  isWhole: true,
                },
                { title: text('event.from'), cell: originOf },
                { title: text('event.detail'), cell: detailOf },
              ]}
            />
          )
        }
      </Loading>
      <Pagination label={text('menu.events')} {...pages.ways(events.data?.auditEvents.pageInfo)} />
    </>
  );
}

function AccountLink({ id }: { readonly id: string | null }) {
  // The first half of an id is the time: two of one day differ at the end.
  return id === null ? <>–</> : <a href={at(`/admin/users/${id}`)}>{`…\u2060${id.slice(-8)}`}</a>;
}

function originOf({ ip, userAgent }: AuditEvent) {
  return (
    <>
      <div>{ip ?? '–'}</div>
      {userAgent === null ? null : <small>{userAgent}</small>}
    </>
  );
}

/** Whatever an event tells, as text: much of it is what strangers sent. */
function detailOf({ detail, sessionId }: AuditEvent) {
  const entries = [...Object.entries(detail), ...(sessionId ? [['session', sessionId]] : [])];
  return entries.map(([name, value]) => (
    <div key={`${name}`}>
      {`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`}
    </div>
  ));
}
