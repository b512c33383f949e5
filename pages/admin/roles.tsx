import { RolesDocument } from '../generated/admin/graphql.ts';
import { Card } from '../kit/card.tsx';
import { Loading } from '../kit/loading.tsx';
import { at } from '../kit/settings.ts';
import { Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import { text } from './text.ts';

/** The roles that there are. They are declared in `gatehouse.yaml`. */
export function Roles() {
  const found = useLoaded(() => ask(RolesDocument));
  return (
    <Card title={text('menu.roles')} lead={text('roles.lead')}>
      <Loading of={found}>
        {({ roles }) => (
          <Table
            caption={text('menu.roles')}
            rows={roles}
            keyOf={({ name }) => name}
            columns={[
              {
                title: text('roles.role'),
                cell: ({ name }) => (
                  <a href={at(`/admin?${new URLSearchParams({ role: name })}`)}>{name}</a>
                ),
              },
              { title: text('roles.scopes'), cell: ({ scopes }) => scopes.join(', ') || '–' },
              {
                title: text('roles.isDefault'),
                cell: ({ isDefault }) => text(isDefault ? 'yes' : 'no'),
              },
            ]}
          />
        )}
      </Loading>
    </Card>
  );
}
