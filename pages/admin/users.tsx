import { useLocation } from 'preact-iso/router';
import {
  RolesDocument,
  type UserFilter,
  type UserSort,
  UsersDocument,
  type UsersQuery,
} from '../generated/admin/graphql.ts';
import { Card } from '../kit/card.tsx';
import { timeAgo } from '../kit/dates.ts';
import { Field } from '../kit/field.tsx';
import { Loading } from '../kit/loading.tsx';
import { Pagination } from '../kit/pagination.tsx';
import { SelectField } from '../kit/select-field.tsx';
import { at } from '../kit/settings.ts';
import { Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { usePages } from '../kit/use-pages.ts';
import { ask } from './administration.ts';
import { FilterForm } from './filter-form.tsx';
import { accountName } from './names.ts';
import { text } from './text.ts';

type ListedUser = UsersQuery['users']['nodes'][number];
type Query = Readonly<Record<string, string>>;

/** Accounts, found by what stands in the address of the page. */
export function Users() {
  const { query } = useLocation();
  const roles = useLoaded(() => ask(RolesDocument));
  return (
    <Card title={text('users.title')}>
      <FilterForm path="/admin" submit={text('users.find')}>
        <Field
          name="search"
          type="search"
          label={text('users.search')}
          value={query.search ?? ''}
        />
        <SelectField
          name="show"
          label={text('users.show')}
          value={query.show}
          options={[
            ['', text('users.all')],
            ['disabled', text('users.disabled')],
            ['unproved', text('users.unproved')],
          ]}
        />
        <SelectField
          name="role"
          label={text('roles.role')}
          value={query.role}
          options={[
            ['', text('users.all')],
            ...(roles.data?.roles ?? []).map(({ name }) => [name, name] as const),
          ]}
        />
        <SelectField
          name="sort"
          label={text('users.sort')}
          value={query.sort}
          options={[
            ['', text('users.newest')],
            ['seen', text('users.lastSeen')],
          ]}
        />
      </FilterForm>
      <UserList key={JSON.stringify(query)} query={query} />
    </Card>
  );
}

function UserList({ query }: { readonly query: Query }) {
  const pages = usePages();
  const { after } = pages;
  const sort: UserSort = query.sort === 'seen' ? 'LAST_SEEN_DESC' : 'CREATED_DESC';
  const users = useLoaded(
    () => ask(UsersDocument, { first: 20, after, sort, filter: filterOf(query) }),
    [after],
  );
  return (
    <>
      <Loading of={users}>
        {(data) =>
          data.users.nodes.length === 0 ? (
            <p>{text('nothingFound')}</p>
          ) : (
            <UserTable users={data.users.nodes} />
          )
        }
      </Loading>
      <Pagination label={text('users.title')} {...pages.ways(users.data?.users.pageInfo)} />
    </>
  );
}

function UserTable({ users }: { readonly users: readonly ListedUser[] }) {
  return (
    <Table
      caption={text('users.title')}
      rows={users}
      keyOf={({ id }) => id}
      columns={[
        {
          title: text('user.account'),
          cell: (user) => <a href={at(`/admin/users/${user.id}`)}>{accountName(user)}</a>,
        },
        {
          title: text('user.name'),
          cell: ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(' ') || '–',
        },
        { title: text('user.roles'), cell: ({ roles }) => roles.join(', ') || '–' },
        { title: text('user.state'), cell: stateOf },
        { title: text('user.lastSeen'), cell: ({ lastSeenAt }) => timeAgo(lastSeenAt) },
      ]}
    />
  );
}

function stateOf({ disabledAt, emailVerified, email }: ListedUser): string {
  if (disabledAt !== null) return text('user.disabled');
  return email !== null && !emailVerified ? text('user.unproved') : text('user.fine');
}

function filterOf({ search = '', show, role }: Query): UserFilter {
  return {
    ...(search.trim() !== '' && { search: search.trim() }),
    ...(role && { role }),
    ...(show === 'disabled' && { disabled: true }),
    ...(show === 'unproved' && { emailVerified: false }),
  };
}
