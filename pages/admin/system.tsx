import { SystemDocument } from '../generated/admin/graphql.ts';
import { Card } from '../kit/card.tsx';
import { dateAndTime } from '../kit/dates.ts';
import { Facts } from '../kit/facts.tsx';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import { text } from './text.ts';

/** How the process that answers is, and the keys of the deployment. */
export function System() {
  const found = useLoaded(() => ask(SystemDocument));
  return (
    <Loading of={found}>
      {({ health, signingKeys }) => (
        <>
          <Card title={text('health.title')} lead={text('health.lead')}>
            <Notice kind={health.status === 'ready' ? 'good' : 'problem'}>
              {text(health.status === 'ready' ? 'health.ready' : 'health.unready')}
            </Notice>
            <Facts facts={health.checks.map(({ name, state }) => [name, state] as const)} />
          </Card>
          <Card level={2} title={text('keys.title')} lead={text('keys.lead')}>
            <Table
              caption={text('keys.title')}
              rows={signingKeys}
              keyOf={({ kid }) => kid}
              columns={[
                { title: text('keys.kid'), cell: ({ kid }) => kid },
                { title: text('keys.purpose'), cell: ({ purpose }) => purpose },
                { title: text('keys.algorithm'), cell: ({ algorithm }) => algorithm },
                { title: text('keys.state'), cell: ({ state }) => state },
                { title: text('keys.since'), cell: ({ changedAt }) => dateAndTime(changedAt) },
              ]}
            />
          </Card>
        </>
      )}
    </Loading>
  );
}
