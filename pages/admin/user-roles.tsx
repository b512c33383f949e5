import { GrantRoleDocument, RolesDocument, TakeRoleDocument } from '../generated/admin/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { SelectField } from '../kit/select-field.tsx';
import { sessionState } from '../kit/session.ts';
import { Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import type { Change } from './change-dialog.tsx';
import { useMay } from './scopes.ts';
import { text } from './text.ts';
import type { UserPartProps } from './user-head.tsx';

/** The roles of an account, with ways to give and take them. */
export function UserRoles({ user, onChange }: UserPartProps) {
  const may = useMay();
  const all = useLoaded(() => ask(RolesDocument));
  const others = (all.data?.roles ?? []).filter(({ name }) => !user.roles.includes(name));
  const isSelf = user.id === sessionState.value.user?.id;
  const mayWrite = may('users:write');
  const grant: Change = {
    title: text('roles.grant'),
    lead: text('roles.grantLead'),
    fields: (
      <SelectField
        name="role"
        label={text('roles.role')}
        options={others.map(({ name, scopes }) => [name, `${name} (${scopes.join(', ') || '–'})`])}
      />
    ),
    run: async ({ role = '', reason = '' }) => {
      await ask(GrantRoleDocument, { input: { userId: user.id, role, reason } });
      return text('roles.granted', { role });
    },
  };
  const take = (role: string): Change => ({
    title: text('roles.take'),
    lead: text('roles.takeLead', { role }),
    run: async ({ reason = '' }) => {
      await ask(TakeRoleDocument, { input: { userId: user.id, role, reason } });
      return text('roles.taken', { role });
    },
  });
  const takeButton = (role: string) => (
    <Button
      kind="quiet"
      label={text('roles.takeLabel', { role })}
      onClick={() => onChange(take(role))}
    >
      {text('roles.take')}
    </Button>
  );
  return (
    <Card level={2} title={text('user.roles')}>
      {user.roles.length === 0 ? (
        <p>{text('roles.none')}</p>
      ) : (
        <Table
          caption={text('user.roles')}
          rows={user.roles}
          keyOf={(role) => role}
          columns={[
            { title: text('roles.role'), cell: (role) => role },
            ...(mayWrite && !isSelf ? [{ title: text('roles.take'), cell: takeButton }] : []),
          ]}
        />
      )}
      {mayWrite && others.length > 0 ? (
        <Actions>
          <Button kind="quiet" onClick={() => onChange(grant)}>
            {grant.title}
          </Button>
        </Actions>
      ) : null}
    </Card>
  );
}
