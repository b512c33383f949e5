import { useLocation } from 'preact-iso/router';
import { RevokeSessionsDocument, type RevokeSessionsInput } from '../generated/admin/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Field } from '../kit/field.tsx';
import { Loading } from '../kit/loading.tsx';
import { SelectField } from '../kit/select-field.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import type { Change } from './change-dialog.tsx';
import { startOfDay } from './days.ts';
import { FilterForm } from './filter-form.tsx';
import { RoleField } from './role-field.tsx';
import { text } from './text.ts';
import { useChanges } from './use-changes.tsx';

type Query = Readonly<Record<string, string>>;
type Asked = Pick<RevokeSessionsInput, 'filter' | 'everyone'>;

/** Ends the sessions that what stands in the address means, after they were counted. */
export function Sessions() {
  const { query } = useLocation();
  const { turn, begin, outcome, dialog } = useChanges();
  return (
    <>
      {outcome}
      <Card title={text('sessions.title')} lead={text('sessions.lead')}>
        <FilterForm path="/admin/sessions" submit={text('sessions.count')}>
          <SelectField
            name="whose"
            label={text('sessions.whose')}
            value={query.whose}
            options={[
              ['', text('sessions.fitting')],
              ['everyone', text('sessions.everyone')],
            ]}
          />
          <Field name="userId" label={text('events.userId')} value={query.userId ?? ''} />
          <RoleField none={text('users.all')} value={query.role} />
          <Field name="network" label={text('sessions.network')} value={query.network ?? ''} />
          <Field
            name="openedBefore"
            type="date"
            label={text('sessions.openedBefore')}
            value={query.openedBefore ?? ''}
          />
          <Field
            name="lastUsedBefore"
            type="date"
            label={text('sessions.lastUsedBefore')}
            value={query.lastUsedBefore ?? ''}
          />
        </FilterForm>
        {Object.keys(query).length > 0 ? (
          <Counted
            key={JSON.stringify(query)}
            asked={askedBy(query)}
            turn={turn}
            onChange={begin}
          />
        ) : null}
      </Card>
      {dialog}
    </>
  );
}

interface CountedProps {
  readonly asked: Asked;
  /** Counted again when it changes. */
  readonly turn: number;
  readonly onChange: (change: Change) => void;
}

function Counted({ asked, turn, onChange }: CountedProps) {
  const counted = useLoaded(
    // Nothing is done, so nothing is written down, and nobody has to say why.
    () => ask(RevokeSessionsDocument, { input: { ...asked, dryRun: true, reason: 'dry run' } }),
    [turn],
  );
  const end: Change = {
    title: text('sessions.endThem'),
    lead: text('sessions.endThemLead', { count: counted.data?.revokeSessions.count ?? 0 }),
    isDangerous: true,
    run: async ({ reason = '' }) => {
      const { revokeSessions } = await ask(RevokeSessionsDocument, { input: { ...asked, reason } });
      return text('sessions.endedThem', { count: revokeSessions.count });
    },
  };
  return (
    <Loading of={counted}>
      {({ revokeSessions: { count } }) =>
        count === 0 ? (
          <p>{text('nothingFound')}</p>
        ) : (
          <>
            <p>{text('sessions.counted', { count })}</p>
            <Actions>
              <Button kind="danger" onClick={() => onChange(end)}>
                {end.title}
              </Button>
            </Actions>
          </>
        )
      }
    </Loading>
  );
}

function askedBy({ whose, userId, role, network, openedBefore, lastUsedBefore }: Query): Asked {
  if (whose === 'everyone') return { filter: {}, everyone: true };
  const filter = {
    ...(userId && { userId: userId.trim() }),
    ...(role && { role }),
    ...(network && { network: network.trim() }),
    ...(openedBefore && { openedBefore: startOfDay(openedBefore) }),
    ...(lastUsedBefore && { lastUsedBefore: startOfDay(lastUsedBefore) }),
  };
  return { filter, everyone: false };
}
