import { useLocation } from 'preact-iso/router';
import {
  type UserFilter,
  type UserSort,
  UsersDocument,
  type UsersQuery,
} from '../generated/admin/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
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
import { invitation } from './invitation.tsx';
import { accountName } from './names.ts';
import { RoleField } from './role-field.tsx';
import { useMay } from './scopes.ts';
import { text } from './text.ts';
import { useChanges } from './use-changes.tsx';

type ListedUser = UsersQuery['users']['nodes'][number];
type Query = Readonly<Record<string, string>>;

/** Accounts, found by what stands in the address of the page. */
export function Users() {
  const { query } = useLocation();
  const may = useMay();
  const { turn, begin, outcome, dialog } = useChanges();
  return (
    <>
      {outcome}
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
              ['guests', text('users.guests')],
            ]}
          />
          <RoleField none={text('users.all')} value={query.role} />
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
        <UserList key={JSON.stringify(query)} query={query} turn={turn} />
        {may('users:write') ? (
          <Actions>
            <Button kind="quiet" onClick={() => begin(invitation())}>
              {text('invite')}
            </Button>
          </Actions>
        ) : null}
      </Card>
      {dialog}
    </>
  );
}

interface UserListProps {
  readonly query: Query;
  /** Read again when it changes. */
  readonly turn: number;
}

function UserList({ query, turn }: UserListProps) {
  const pages = usePages();
  const { after } = pages;
  const sort: UserSort = query.sort === 'seen' ? 'LAST_SEEN_DESC' : 'CREATED_DESC';
  const users = useLoaded(
    () => ask(UsersDocument, { first: 20, after, sort, filter: filterOf(query) }),
    [after, turn],
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
        {
          title: text('user.lastSeen'),
          cell: ({ lastSeenAt }) => timeAgo(lastSeenAt),
          isWhole: true,
        },
      ]}
    />
  );
}

function stateOf({ disabledAt, emailVerified, email, isGuest }: ListedUser): string {
  if (isGuest) return text('user.guest');
  if (disabledAt !== null) return text('user.disabled');
  return email !== null && !emailVerified ? text('user.unproved') : text('user.fine');
}

function filterOf({ search = '', show, role }: Query): UserFilter {
  return {
    ...(search.trim() !== '' && { search: search.trim() }),
    ...(role && { role }),
    ...(show === 'disabled' && { disabled: true }),
    ...(show === 'unproved' && { emailVerified: false }),
    ...(show === 'guests' && { guest: true }),
  };
}
