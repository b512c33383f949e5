import { RolesDocument } from '../generated/admin/graphql.ts';
import { SelectField } from '../kit/select-field.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { ask } from './administration.ts';
import { useMay } from './scopes.ts';
import { text } from './text.ts';

export interface RoleFieldProps {
  /** What it is called when none is chosen. */
  readonly none: string;
  readonly value?: string | undefined;
}

/** One of the roles that there are, or none. Left away for whoever may not read them. */
export function RoleField(props: RoleFieldProps) {
  return useMay()('users:read') ? <KnownRoles {...props} /> : null;
}

function KnownRoles({ none, value }: RoleFieldProps) {
  const { data } = useLoaded(() => ask(RolesDocument));
  return (
    <SelectField
      name="role"
      label={text('roles.role')}
      value={value}
      options={[['', none], ...(data?.roles ?? []).map(({ name }) => [name, name] as const)]}
    />
  );
}
