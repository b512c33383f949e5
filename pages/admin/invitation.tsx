import { CreateUserDocument } from '../generated/admin/graphql.ts';
import { Field } from '../kit/field.tsx';
import { ask } from './administration.ts';
import type { Change } from './change-dialog.tsx';
import { RoleField } from './role-field.tsx';
import { text } from './text.ts';

/** Makes an account for somebody, who chooses the password by the link of a mail. */
export function invitation(): Change {
  return {
    title: text('invite'),
    lead: text('invite.lead'),
    fields: (
      <>
        <Field name="email" type="email" label={text('user.email')} required />
        <Field name="firstName" label={text('invite.firstName')} />
        <Field name="lastName" label={text('invite.lastName')} />
        <RoleField none={text('invite.noRole')} />
      </>
    ),
    run: async ({ email = '', firstName, lastName, role, reason = '' }) => {
      const names = { firstName: firstName || null, lastName: lastName || null };
      const input = { email, ...names, roles: role ? [role] : [], reason };
      await ask(CreateUserDocument, { input });
      return text('invite.done', { email });
    },
  };
}
