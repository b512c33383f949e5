import { useLocation } from 'preact-iso/router';
import { auditEvents } from '../../src/audit/audit-events.ts';
import type { AuditEventFilter } from '../generated/admin/graphql.ts';
import { Card } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { SelectField } from '../kit/select-field.tsx';
import { startOfDay } from './days.ts';
import { EventsOf } from './event-list.tsx';
import { FilterForm } from './filter-form.tsx';
import { text } from './text.ts';

type Query = Readonly<Record<string, string>>;

/** The audit trail, as what stands in the address asks for. */
export function Events() {
  const { query } = useLocation();
  return (
    <Card title={text('menu.events')} lead={text('events.lead')}>
      <FilterForm path="/admin/events" submit={text('users.find')}>
        <SelectField
          name="type"
          label={text('event.type')}
          value={query.type}
          options={[
            ['', text('events.all')],
            ...Object.keys(auditEvents).map((type) => [type, type] as const),
          ]}
        />
        <Field name="userId" label={text('events.userId')} value={query.userId ?? ''} />
        <Field name="actorId" label={text('events.actorId')} value={query.actorId ?? ''} />
        <Field name="sessionId" label={text('events.sessionId')} value={query.sessionId ?? ''} />
        <Field name="from" type="date" label={text('events.from')} value={query.from ?? ''} />
        <Field name="until" type="date" label={text('events.until')} value={query.until ?? ''} />
      </FilterForm>
      <EventsOf key={JSON.stringify(query)} filter={filterOf(query)} />
    </Card>
  );
}

function filterOf({ type, userId, actorId, sessionId, from, until }: Query): AuditEventFilter {
  return {
    ...(type && { types: [type] }),
    ...(userId && { userId: userId.trim() }),
    ...(actorId && { actorId: actorId.trim() }),
    ...(sessionId && { sessionId: sessionId.trim() }),
    ...(from && { from: startOfDay(from) }),
    ...(until && { until: startOfDay(until, 1) }),
  };
}
